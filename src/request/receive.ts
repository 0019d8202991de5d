/** Gives a request its body; an app that takes none does not load the code for it. */
import type { Awaitable } from "../awaitable.ts";
import type { ParameterLimits } from "./query.ts";
import type * as Bodies from "./received-body.ts";

let bodies: typeof Bodies | undefined;

/** Loads what `receive` needs; done at start where a route takes bodies, so that no request waits for it. */
export async function loadBodies(): Promise<typeof Bodies> {
  return (bodies ??= await import("./received-body.ts"));
}

/** @throws Error as `receiveBodyOf`. */
export function receive(
  request: Bodies.BodyHolder,
  limits: Bodies.ReceiveLimits & ParameterLimits,
): Awaitable<void> {
  if (bodies !== undefined) return bodies.receiveBodyOf(request, limits);
  return loadBodies().then((loaded) => loaded.receiveBodyOf(request, limits));
}

/** Resolves when no temporary file of an upload is being removed any more. */
export async function uploadsRemoved(): Promise<void> {
  await bodies?.uploadsRemoved();
}
