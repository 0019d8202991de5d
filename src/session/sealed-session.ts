/** What the cookie engine seals: the bytes of a session, and of the moment of its last use. */
import { SessionError } from "../errors.ts";
import { isPlainJson } from "./plain-data.ts";
import { isSessionId, sessionIdBytes } from "./session-id.ts";

/** The purposes under which the two cookies are sealed. */
export const SESSION_PURPOSE = "session-data";
export const LAST_USE_PURPOSE = "session-last-use";

const timeBytes = 6;
const seenBytes = sessionIdBytes + timeBytes;

/** How many bytes stand before the data. */
export const headBytes = sessionIdBytes + 2 * timeBytes;

/** A session as it is sealed. Times are milliseconds since 1970. */
export interface SealedSession {
  readonly id: string;
  readonly createdAt: number;
  readonly sealedAt: number;
  readonly data: Record<string, unknown>;
}

/**
 * The bytes of a session: the id (18), created-at and sealed-at (6 each, big-endian), the data as JSON.
 *
 * @throws SessionError `session-id-invalid` when the id has not the form of one.
 */
export function packSession(session: Omit<SealedSession, "data">, json: string): Buffer {
  const bytes = Buffer.allocUnsafe(headBytes + Buffer.byteLength(json));
  writeId(bytes, session.id);
  bytes.writeUIntBE(session.createdAt, sessionIdBytes, timeBytes);
  bytes.writeUIntBE(session.sealedAt, sessionIdBytes + timeBytes, timeBytes);
  bytes.write(json, headBytes);
  return bytes;
}

/** Reads those bytes; `undefined` when they hold anything but a session with plain data. */
export function unpackSession(bytes: Buffer): SealedSession | undefined {
  if (bytes.length < headBytes) return undefined;
  const data = parseData(bytes.toString("utf8", headBytes));
  if (data === undefined) return undefined;
  return {
    id: bytes.toString("base64url", 0, sessionIdBytes),
    createdAt: bytes.readUIntBE(sessionIdBytes, timeBytes),
    sealedAt: bytes.readUIntBE(sessionIdBytes + timeBytes, timeBytes),
    data,
  };
}

/** The bytes of a last use: the session's id and the moment. */
export function packLastUse(id: string, moment: number): Buffer {
  const bytes = Buffer.alloc(seenBytes);
  writeId(bytes, id);
  bytes.writeUIntBE(moment, sessionIdBytes, timeBytes);
  return bytes;
}

/** Reads those bytes; `undefined` when they hold anything else. */
export function unpackLastUse(bytes: Buffer): { id: string; moment: number } | undefined {
  if (bytes.length !== seenBytes) return undefined;
  return {
    id: bytes.toString("base64url", 0, sessionIdBytes),
    moment: bytes.readUIntBE(sessionIdBytes, timeBytes),
  };
}

function writeId(bytes: Buffer, id: string): void {
  if (!isSessionId(id)) throw new SessionError("session-id-invalid", "this is not a session id");
  bytes.write(id, 0, "base64url");
}

function parseData(json: string): Record<string, unknown> | undefined {
  let data: unknown;
  try {
    data = JSON.parse(json);
  } catch {
    return undefined;
  }
  if (typeof data !== "object" || data === null || Array.isArray(data)) return undefined;
  // The session itself is no level of nesting.
  return isPlainJson(data, -1) ? (data as Record<string, unknown>) : undefined;
}
