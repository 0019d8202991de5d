/** Session ids: how they are made and how they look. */
import { randomBytes } from "node:crypto";

/** How many bytes an id stands for; 18 fill 24 characters exactly, so each id has one spelling. */
export const sessionIdBytes = 18;

const form = /^[A-Za-z0-9_-]{24}$/;

/** Makes an id of 144 bits from the system's generator; a generator that fails throws. */
export function createSessionId(): string {
  return randomBytes(sessionIdBytes).toString("base64url");
}

/** Tells whether a text has the exact form of an id; it may still be one that nobody knows. */
export function isSessionId(text: string): boolean {
  return form.test(text);
}
