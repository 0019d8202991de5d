/** Requests that node's parser lets pass and RFC 9112 does not. */
import type { IncomingMessage } from "node:http";
import { keepingLast } from "../last-answer.ts";

/** Names and values together; node drops what comes after them, without a word. */
const MOST_RAW_HEADERS = 2000;

/** A host and a port by the grammar of RFC 3986; that it may be empty is for messages about no host. */
const HOST = /^(?:[\w.~!$&'()*+,;=%-]*|\[[0-9a-f:.]+\])(?::\d*)?$/i;

/**
 * The status with which a message is refused before anybody reads it, if it has to be: 400 for a version
 * other than 1.0 and 1.1 and for a Host header that is missing, repeated or none by its grammar, 431 for more headers than were kept.
 */
export function refusalOf(message: IncomingMessage): 400 | 431 | undefined {
  if (message.httpVersion !== "1.1" && message.httpVersion !== "1.0") return 400;
  const { rawHeaders } = message;
  if (rawHeaders.length >= MOST_RAW_HEADERS) return 431;
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at];
    if (name?.length !== 4 || name.toLowerCase() !== "host") continue;
    if (++hosts > 1 || !isHost(rawHeaders[at + 1] ?? "")) return 400;
  }
  return hosts === 0 && message.httpVersion === "1.1" ? 400 : undefined;
}

const isHost = keepingLast((value) => HOST.test(value));
