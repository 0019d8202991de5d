/** Answers with files: those below `public`, and what `sendFile` names or holds. */
import { Readable } from "node:stream";
import { chain, type Awaitable } from "../awaitable.ts";
import type { Context } from "../context.ts";
import type { HookTable } from "../hooks.ts";
import type { SendFile } from "../signals.ts";
import type { MimeTypes } from "./mime-types.ts";
import { toStream } from "./respond.ts";
import {
  createStaticFiles,
  toDisposition,
  type FileOptions,
  type StaticFile,
  type StaticFiles,
} from "./static-files.ts";

/** Makes the file answers of an app; loads what they need. */
export async function createFileResponses(
  publicDir: string,
  mimeTypes: MimeTypes,
  hooks: HookTable<Context>,
): Promise<FileResponses> {
  const files = await createStaticFiles({ root: publicDir, mimeTypes });
  return new FileResponses(files, mimeTypes, hooks);
}

/** Fills responses from files. */
export class FileResponses {
  readonly #files: StaticFiles;
  readonly #mimeTypes: MimeTypes;
  readonly #hooks: HookTable<Context>;

  constructor(files: StaticFiles, mimeTypes: MimeTypes, hooks: HookTable<Context>) {
    this.#files = files;
    this.#mimeTypes = mimeTypes;
    this.#hooks = hooks;
  }

  /** The file below `public` that a normalised request path stands for. */
  find(path: string): StaticFile | undefined {
    return this.#files.find(path);
  }

  /** Answers with a file; headers that the response has already are kept, its type is replaced. */
  answer(file: StaticFile, ctx: Context, options: FileOptions = {}): Awaitable<void> {
    return chain(this.#hooks.run("before_file_render", ctx, file.path), () =>
      chain(this.#fill(file, ctx, options), () =>
        this.#hooks.run("after_file_render", ctx, file.path),
      ),
    );
  }

  #fill(file: StaticFile, ctx: Context, options: FileOptions): Awaitable<void> {
    const { request, response } = ctx;
    const kept = response.status === 200 ? {} : { status: response.status };
    return chain(this.#files.send(request, file, { ...options, ...kept }), (sent) => {
      response.status = sent.status;
      for (const [name, value] of Object.entries(sent.headers)) response.setHeader(name, value);
      // A stream leaves the length alone, which HEAD tells although nothing follows.
      response.content = request.method === "HEAD" ? Readable.from([]) : sent.body;
    });
  }

  /** Does what `sendFile` was asked to do. @throws HTTPError 404 when there is no such file. */
  async send({ file, options }: SendFile, ctx: Context): Promise<void> {
    const { response } = ctx;
    const { filename, systemPath } = options;
    const { contentType: name = "" } = options;
    const contentType = name === "" ? undefined : this.#mimeTypes.forName(name);
    if (options.data !== true && typeof file === "string") {
      const found = this.#files.resolve(file, { systemPath });
      return this.answer(found, ctx, { contentType, filename });
    }
    const type = contentType ?? response.header("Content-Type") ?? this.#mimeTypes.forName("");
    response.setHeader("Content-Type", type);
    if (filename !== undefined) {
      response.setHeader("Content-Disposition", await toDisposition(filename));
    }
    response.content = typeof file === "string" || ArrayBuffer.isView(file) ? file : toStream(file);
  }
}
