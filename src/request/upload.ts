/** A file that came in a multipart form, after Dancer::Request::Upload. */
import { constants, createReadStream, readFileSync } from "node:fs";
import { copyFile, link, writeFile } from "node:fs/promises";
import { Readable } from "node:stream";

/** Where the bytes of an upload are: in memory, or in a temporary file. */
export type UploadPlace = { readonly bytes: Buffer } | { readonly path: string };

/** Files by the name of their field, in the order sent; it inherits nothing. */
export type UploadLists = Readonly<Record<string, readonly Upload[]>>;

/** What is known of an upload besides its bytes. */
export interface UploadFacts {
  readonly name: string;
  readonly filename: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly type: string | undefined;
  readonly size: number;
}

/**
 * One uploaded file. What it stands on is gone when the request ends: copy what is to stay.
 *
 * Everything that the client said of it (`filename`, `type`, `headers`) is its claim and no more.
 */
export class Upload {
  /** The name of the form's field. */
  readonly name: string;
  /** The file's name as the client sent it; never use it as a path. */
  readonly filename: string;
  /** The headers of this part of the form, names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The media type that the client gave, in lower case and without parameters. */
  readonly type: string | undefined;
  /** How many bytes it has. */
  readonly size: number;
  readonly #place: UploadPlace;

  constructor(facts: UploadFacts, place: UploadPlace) {
    this.name = facts.name;
    this.filename = facts.filename;
    this.headers = facts.headers;
    this.type = facts.type;
    this.size = facts.size;
    this.#place = place;
  }

  /** The last part of `filename`, without folders of any system; empty for `.` and `..`. */
  get basename(): string {
    const last = this.filename.split(/[\\/]/).at(-1) ?? "";
    return /^\.{0,2}$/.test(last) ? "" : last.replaceAll("\0", "");
  }

  /** The whole file in memory. As text, `${upload.content}`, it is read as UTF-8. */
  get content(): Buffer {
    return "bytes" in this.#place ? this.#place.bytes : readFileSync(this.#place.path);
  }

  /** The temporary file, where there is one: small uploads stay in memory. */
  get tempname(): string | undefined {
    return "bytes" in this.#place ? undefined : this.#place.path;
  }

  /** The file as a stream, for reading it piece by piece. */
  stream(): Readable {
    return "bytes" in this.#place
      ? Readable.from([this.#place.bytes])
      : createReadStream(this.#place.path);
  }

  /** Copies the file to this path, over what may be there. */
  async copyTo(path: string): Promise<void> {
    if ("bytes" in this.#place) await writeFile(path, this.#place.bytes);
    else await copyFile(this.#place.path, path);
  }

  /**
   * Gives the file this path too, without copying where the file systems allow it. Rejects when there
   * is something already.
   */
  async linkTo(path: string): Promise<void> {
    if ("bytes" in this.#place) {
      await writeFile(path, this.#place.bytes, { flag: "wx" });
      return;
    }
    const from = this.#place.path;
    try {
      await link(from, path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EXDEV") throw error;
      await copyFile(from, path, constants.COPYFILE_EXCL);
    }
  }
}
