/** Puts a file into the response: those below `public`, and what `sendFile` names or holds. */
import { Readable } from "node:stream";
import contentDisposition from "content-disposition";
import { chain, type Awaitable } from "../awaitable.ts";
import { HTTPError } from "../errors.ts";
import { isText } from "./mime-types.ts";
import type { Request } from "../request/request.ts";
import { toStream } from "./respond.ts";
import type { Content, Response } from "./response.ts";
import type { SendFileOptions } from "../signals.ts";
import type { StaticFile, StaticFiles } from "./static-files.ts";

/** Answers with a file; headers that the response has already are kept, its type is replaced. */
export async function fillFromFile(
  files: StaticFiles,
  file: StaticFile,
  request: Request,
  response: Response,
  options: SendFileOptions = {},
): Promise<void> {
  const { contentType, filename } = options;
  const sent = await files.send({ method: request.method, headers: request.headers }, file, {
    contentType,
    filename,
    ...(response.status === 200 ? {} : { status: response.status }),
  });
  response.status = sent.status;
  for (const [name, value] of Object.entries(sent.headers)) response.setHeader(name, value);
  // A stream leaves the length alone, which HEAD tells although nothing follows.
  response.content = request.method === "HEAD" ? Readable.from([]) : sent.body;
}

/** Does what `sendFile` was asked to do. @throws HTTPError 404 when there is no such file. */
export function fillFromSendFile(
  files: StaticFiles,
  file: string | Content,
  request: Request,
  response: Response,
  options: SendFileOptions,
): Awaitable<void> {
  if (options.data !== true && typeof file === "string") {
    const found = files.resolve(file, { systemPath: options.systemPath });
    return fillFromFile(files, found, request, response, options);
  }
  if (file === "") throw new HTTPError(404, "sendFile() was given nothing to send");
  return chain(undefined, () => {
    const type =
      options.contentType ?? response.header("Content-Type") ?? "application/octet-stream";
    response.setHeader(
      "Content-Type",
      isText(type) && !type.includes("charset") ? `${type}; charset=utf-8` : type,
    );
    if (options.filename !== undefined) {
      response.setHeader("Content-Disposition", contentDisposition(options.filename));
    }
    response.content = typeof file === "string" || ArrayBuffer.isView(file) ? file : toStream(file);
  });
}
