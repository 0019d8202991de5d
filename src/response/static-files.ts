/** Files: finding them below the public folder and nowhere else, sending them with ranges and etags. */
import { once } from "node:events";
import { realpathSync, statSync } from "node:fs";
import type { IncomingHttpHeaders } from "node:http";
import { basename, dirname, extname, isAbsolute, join, relative, sep } from "node:path";
import type { Readable } from "node:stream";
import type { SendResult } from "@fastify/send";
import type { Awaitable } from "../awaitable.ts";
import { HTTPError } from "../errors.ts";
import { removeDotSegments } from "../request/request-path.ts";
import { MimeTypes } from "./mime-types.ts";
import { readSmallFile } from "./small-file.ts";

/** Where files are and what they are. */
export interface StaticFilesOptions {
  /** The public folder; without one, or when it does not exist, nothing is found. */
  readonly root?: string | undefined;
  /** What files are by their ending; the usual types, and `application/data` as in Dancer, unless given. */
  readonly mimeTypes?: MimeTypes | undefined;
}

/** A regular file that may be sent. */
export interface StaticFile {
  /** Its real path: absolute, all links resolved. */
  readonly path: string;
}

/** Where `resolve` looks. */
interface ResolveOptions {
  /** A folder to stay in, instead of the public one. */
  readonly root?: string | undefined;
  /** The name is a path of the file system, which only the app itself may choose. */
  readonly systemPath?: boolean | undefined;
}

/** How a file is sent. */
export interface FileOptions {
  /** A media type, or an extension that stands for one; by the file's name unless given. */
  readonly contentType?: string | undefined;
  /** Offers the file for download under this name. */
  readonly filename?: string | undefined;
  /** A status other than 200; then ranges and conditions do not count. */
  readonly status?: number | undefined;
}

/** What `send` needs of a request. */
interface FileRequest {
  readonly method?: string | undefined;
  readonly headers: IncomingHttpHeaders;
}

/** An answer made of a file; the one who gets it reads or destroys the body. */
interface FileResponse {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Record<string, string>;
  readonly body: Readable | Buffer;
}

/** Finds and sends files. */
export interface StaticFiles {
  /** Finds the file that a normalised request path stands for; ask for GET and HEAD only. */
  find(path: string): StaticFile | undefined;
  /** Finds the file of a `sendFile`. @throws HTTPError 404 when there is none in that place. */
  resolve(name: string, options?: ResolveOptions): StaticFile;
  /** Answers with the file, a part of it, or 304. @throws HTTPError 403, 404, 412 or 416. */
  send(request: FileRequest, file: StaticFile, options?: FileOptions): Awaitable<FileResponse>;
}

const EMPTY = Buffer.alloc(0);
// Dot files and ways up, the separator of the other system, drives and NUL; Windows also has "file:stream".
const REFUSED = sep === "/" ? /\/\.|[\\\0]|(?:^|\/)[a-z]:/i : /\/\.|[\\\0:]/;

/** Makes the file service; only now is its library loaded. */
export async function createStaticFiles(options: StaticFilesOptions = {}): Promise<StaticFiles> {
  const { default: library } = await import("@fastify/send");
  const mimeTypes = options.mimeTypes ?? new MimeTypes("application/data");
  const publicFolder = options.root === undefined ? undefined : realFolder(options.root);

  return {
    find: (path) => (publicFolder === undefined ? undefined : findBelow(publicFolder, path)),

    resolve(name, { root, systemPath = false } = {}) {
      if (systemPath) return (isAbsolute(name) ? findReal(name) : undefined) ?? missing(name);
      const folder = root === undefined ? publicFolder : realFolder(root);
      if (folder === undefined) return missing(name);
      const path = removeDotSegments(name.startsWith("/") ? name : `/${name}`);
      return findBelow(folder, path) ?? missing(name);
    },

    send(request, file, options = {}) {
      const small = isPlain(request, options) ? readSmallFile(file.path) : undefined;
      if (small === undefined) return sendByLibrary(request, file, options);
      const { bytes, modified } = small;
      // The headers of the library, to which the next request's conditions go.
      const headers = {
        "accept-ranges": "bytes",
        "last-modified": modified.toUTCString(),
        etag: `W/"${bytes.length.toString(16)}-${modified.getTime().toString(16)}"`,
        "content-length": String(bytes.length),
        "content-type": typeOf(file, options),
      };
      return { status: options.status ?? 200, headers, body: bytes };
    },
  };

  function typeOf({ path }: StaticFile, { contentType }: FileOptions): string {
    return toType(mimeTypes.forName(contentType ?? extname(path)));
  }

  async function sendByLibrary(
    request: FileRequest,
    file: StaticFile,
    options: FileOptions,
  ): Promise<FileResponse> {
    const { filename, status = 200 } = options;
    // Before the file is opened: waiting later would miss the stream's events.
    const disposition = filename === undefined ? undefined : await toDisposition(filename);
    const result = await library.send(
      toPlainRequest(request, status),
      // The library decodes what it is given once more.
      `/${encodeURIComponent(basename(file.path))}`,
      // What may be sent was decided when the file was found.
      {
        root: dirname(file.path),
        dotfiles: "allow",
        index: false,
        cacheControl: false,
        contentType: false,
      },
    );
    if (result.type !== "file") throw refusal(result, file);

    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries<string | number>(result.headers)) {
      headers[name.toLowerCase()] = String(value);
    }
    if (result.statusCode === 304) return { status: 304, headers, body: drop(result.stream) };

    headers["content-type"] = typeOf(file, options);
    if (disposition !== undefined) headers["content-disposition"] = disposition;
    const isEmpty = request.method === "HEAD" || headers["content-length"] === "0";
    const body = isEmpty ? drop(result.stream) : await whenOpen(result.stream, file);
    return { status: result.statusCode === 200 ? status : result.statusCode, headers, body };
  }
}

function realFolder(folder: string): string | undefined {
  try {
    return realpathSync.native(folder);
  } catch {
    return undefined;
  }
}

function findBelow(folder: string, path: string): StaticFile | undefined {
  if (!path.startsWith("/") || path.endsWith("/") || REFUSED.test(path)) return undefined;
  const file = findReal(join(folder, path));
  if (file === undefined) return undefined;
  const inside = relative(folder, file.path);
  // A link may lead out of the folder, or to a dot file in it.
  const isOutside = inside.startsWith("..") || isAbsolute(inside);
  return isOutside || REFUSED.test(`/${inside.replaceAll(sep, "/")}`) ? undefined : file;
}

function findReal(path: string): StaticFile | undefined {
  try {
    if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return undefined;
    return { path: realpathSync.native(path) };
  } catch {
    // Too long a name, a file taken for a folder, a circle of links, NUL: nothing to send in each case.
    return undefined;
  }
}

/** Tells whether the whole file is asked for, whatever the client has of it already. */
function isPlain({ method, headers }: FileRequest, { filename }: FileOptions): boolean {
  return (
    method !== "HEAD" &&
    filename === undefined &&
    headers.range === undefined &&
    headers["if-none-match"] === undefined &&
    headers["if-modified-since"] === undefined &&
    headers["if-match"] === undefined &&
    headers["if-unmodified-since"] === undefined
  );
}

/** Conditions and ranges count for GET and HEAD answered with 200 only. */
function toPlainRequest({ method, headers }: FileRequest, status: number): Readable {
  const conditional = status === 200 && (method === "GET" || method === "HEAD");
  // The library reads these two fields and nothing else of a request.
  return { method, headers: conditional ? headers : {} } as unknown as Readable;
}

function toType(type: string): string {
  const isText = /^(?:text\/|application\/javascript\b)/i.test(type);
  return isText && !/;\s*charset=/i.test(type) ? `${type}; charset=utf-8` : type;
}

/** A Content-Disposition that offers a download; names beyond ASCII go into `filename*` (RFC 6266, RFC 8187). */
export async function toDisposition(filename: string): Promise<string> {
  if (filename === "") return 'attachment; filename=""';
  const { default: contentDisposition } = await import("content-disposition");
  return contentDisposition(filename, { fallback: filename.replace(/[^\x20-\x7e]/g, "?") });
}

/** Waits until the file is open, so that a failure can still be answered. */
async function whenOpen(stream: Readable, file: StaticFile): Promise<Readable> {
  try {
    await once(stream, "open");
    return stream;
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT") return missing(file.path);
    if (code !== "EACCES" && code !== "EPERM") throw cause;
    throw new HTTPError(403, `the file "${basename(file.path)}" may not be read`, {
      code: "file-unreadable",
      cause,
    });
  }
}

function drop(stream: Readable): Buffer {
  stream.destroy();
  return EMPTY;
}

function refusal({ statusCode, headers, stream }: SendResult, file: StaticFile): HTTPError {
  drop(stream);
  const range = headers["Content-Range"];
  const reason =
    statusCode === 416
      ? "has no such range"
      : statusCode === 412
        ? "is another version"
        : "is gone";
  return new HTTPError(
    statusCode === 301 || statusCode === 403 ? 404 : statusCode,
    `the file "${basename(file.path)}" ${reason}`,
    range === undefined ? {} : { headers: { "Content-Range": range } },
  );
}

function missing(name: string): never {
  // The visitor may see the message, and where files are is the server's own business.
  throw new HTTPError(404, `there is no file ${JSON.stringify(basename(name))} to send`, {
    code: "file-missing",
    cause: new Error(
      `neither a file below public nor, with systemPath, an absolute path of one: ${JSON.stringify(name)}`,
    ),
  });
}
