/** Answers with files: those below `public`, and what `sendFile` names or holds. */
import { Readable } from "node:stream";
import { HTTPError } from "../errors.ts";
import type { Request } from "../request/request.ts";
import type { SendFile } from "../signals.ts";
import type { MimeTypes } from "./mime-types.ts";
import { toStream } from "./respond.ts";
import type { Response } from "./response.ts";
import {
  createStaticFiles,
  toDisposition,
  type SendFileOptions,
  type StaticFile,
  type StaticFiles,
} from "./static-files.ts";

/** Makes the file answers of an app; loads what they need. */
export async function createFileResponses(
  publicDir: string,
  mimeTypes: MimeTypes,
): Promise<FileResponses> {
  return new FileResponses(await createStaticFiles({ root: publicDir, mimeTypes }), mimeTypes);
}

/** Fills responses from files. */
export class FileResponses {
  readonly #files: StaticFiles;
  readonly #mimeTypes: MimeTypes;

  constructor(files: StaticFiles, mimeTypes: MimeTypes) {
    this.#files = files;
    this.#mimeTypes = mimeTypes;
  }

  /** The file below `public` that a normalised request path stands for. */
  find(path: string): StaticFile | undefined {
    return this.#files.find(path);
  }

  /** Answers with a file; headers that the response has already are kept, its type is replaced. */
  async answer(
    file: StaticFile,
    request: Request,
    response: Response,
    options: SendFileOptions = {},
  ): Promise<void> {
    const sent = await this.#files.send(
      { method: request.method, headers: request.headers },
      file,
      {
        ...options,
        ...(response.status === 200 ? {} : { status: response.status }),
      },
    );
    response.status = sent.status;
    for (const [name, value] of Object.entries(sent.headers)) response.setHeader(name, value);
    // A stream leaves the length alone, which HEAD tells although nothing follows.
    response.content = request.method === "HEAD" ? Readable.from([]) : sent.body;
  }

  /** Does what `sendFile` was asked to do. @throws HTTPError 404 when there is no such file. */
  async send({ file, options }: SendFile, request: Request, response: Response): Promise<void> {
    const { filename, systemPath } = options;
    const contentType =
      options.contentType === undefined ? undefined : this.#mimeTypes.forName(options.contentType);
    if (options.data !== true && typeof file === "string") {
      const found = this.#files.resolve(file, { systemPath });
      return this.answer(found, request, response, { contentType, filename });
    }
    if (file === "") throw new HTTPError(404, "sendFile() was given nothing to send");
    const type = contentType ?? response.header("Content-Type") ?? "application/octet-stream";
    response.setHeader("Content-Type", type);
    if (filename !== undefined) {
      response.setHeader("Content-Disposition", await toDisposition(filename));
    }
    response.content = typeof file === "string" || ArrayBuffer.isView(file) ? file : toStream(file);
  }
}
