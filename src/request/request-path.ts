/** Request targets: the path decoded once and normalised, for hooks, router and file server alike. */
import { isUtf8 } from "node:buffer";
import { HTTPError } from "../errors.ts";

/** A request target taken apart. */
export interface RequestTarget {
  /** Decoded, without dot segments; starts with a slash, or is `*`. */
  readonly path: string;
  /** What follows the first question mark, still encoded; empty when there is none. */
  readonly query: string;
}

const HASH = 0x23;
const PERCENT = 0x25;
const DOT = 0x2e;
const SLASH = 0x2f;
const QUESTION_MARK = 0x3f;
const UNUSUAL = /%|\/\.|[^\x20-\x7e]/;
const BEYOND_ASCII = /[^\x20-\x7e]/;
const BEYOND_BYTES = /[^\p{ASCII}\x80-\xff]/u;
const ABSOLUTE = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i;

/**
 * Takes a request target apart: origin form, absolute form (its authority is dropped) or `*`.
 *
 * Duplicate slashes and a trailing slash stay; a fragment, which no client should send, is dropped.
 * Raw bytes beyond ASCII, which node hands over as latin-1, are read as UTF-8.
 *
 * @throws HTTPError 400 `path-invalid` for malformed escapes, bytes that are not UTF-8, NUL and other
 * forms; 404 for a path that leads above the root.
 */
export function parseTarget(url: string): RequestTarget {
  if (isEveryday(url)) return { path: url, query: "" };
  const target = url.startsWith("/") ? url : toOriginForm(url);
  const mark = target.indexOf("?");
  const path = mark === -1 ? target : target.slice(0, mark);
  const query = mark === -1 ? "" : target.slice(mark + 1);
  if (query.includes("#") || path.includes("#")) {
    return parseTarget(target.slice(0, target.indexOf("#")));
  }
  return {
    path: UNUSUAL.test(path) ? normalisePath(path) : path,
    query: BEYOND_ASCII.test(query) ? fromBytes(query) : query,
  };
}

/** Tells a target that is its own path: nothing to decode, to resolve or to cut off. */
function isEveryday(url: string): boolean {
  let before = 0;
  for (let at = 0; at < url.length; at++) {
    const code = url.charCodeAt(at);
    if (code <= 0x20 || code >= 0x7f) return false;
    if (code === PERCENT || code === QUESTION_MARK || code === HASH) return false;
    if (code === DOT && before === SLASH) return false;
    before = code;
  }
  return url.charCodeAt(0) === SLASH;
}

/**
 * Takes apart a target that the app itself names, as `forward` does. As in Dancer its path is plain text:
 * nothing in it is decoded. A query may follow.
 *
 * @throws HTTPError 404 `path-invalid` for a path that leads above the root.
 */
export function plainTarget(target: string): RequestTarget {
  const mark = target.indexOf("?");
  const path = mark === -1 ? target : target.slice(0, mark);
  return {
    path: path.includes("/.") ? removeDotSegments(path, refuseClimbing) : path,
    query: mark === -1 ? "" : target.slice(mark + 1),
  };
}

/**
 * Resolves the segments `.` and `..` as RFC 3986 does; other segments stay. What leads above the
 * root is dropped, after `climbs` had its say.
 */
export function removeDotSegments(path: string, climbs?: () => never): string {
  const kept: string[] = [];
  const segments = path.split("/");
  const last = segments.length - 1;
  for (const [index, segment] of segments.entries()) {
    if (segment !== "." && segment !== "..") {
      kept.push(segment);
      continue;
    }
    // The first entry stands for the root and is never removed.
    if (segment === ".." && kept.length > 1) kept.pop();
    else if (segment === "..") climbs?.();
    if (index === last) kept.push("");
  }
  return kept.join("/");
}

function toOriginForm(url: string): string {
  if (url === "*") return url;
  const rest = url.replace(ABSOLUTE, "");
  if (rest.startsWith("/")) return rest;
  if (rest === "" || rest.startsWith("?")) return `/${rest}`;
  throw invalid("the request target is neither a path nor an absolute URL");
}

function normalisePath(raw: string): string {
  const path = decodePath(BEYOND_ASCII.test(raw) ? fromBytes(raw, "strict") : raw);
  if (path.includes("\0")) throw invalid("the path holds a NUL character");
  return path.includes("/.") ? removeDotSegments(path, refuseClimbing) : path;
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch (cause) {
    throw invalid("the path holds a percent escape that is malformed or not UTF-8", cause);
  }
}

function fromBytes(text: string, strict?: "strict"): string {
  // Characters above U+00FF never come from a socket: the text is one already.
  if (BEYOND_BYTES.test(text)) return text;
  const bytes = Buffer.from(text, "latin1");
  if (strict && !isUtf8(bytes)) throw invalid("the path is not UTF-8");
  return bytes.toString();
}

/** No browser sends such a path, and Dancer finds nothing there. */
function refuseClimbing(): never {
  throw new HTTPError(404, "the path leads above the root", { code: "path-invalid" });
}

function invalid(message: string, cause?: unknown): HTTPError {
  return new HTTPError(400, message, { code: "path-invalid", cause });
}
