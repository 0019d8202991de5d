/** Forms with files (RFC 7578), received part by part; loaded when the first one comes. */
import { mkdtemp, open, rm, type FileHandle } from "node:fs/promises";
import type { IncomingHttpHeaders } from "node:http";
import { join } from "node:path";
import type { Readable } from "node:stream";
import busboy, { type Dicer } from "@fastify/busboy";
import { HTTPError } from "../errors.ts";
import { aborted, tooLarge } from "./body.ts";
import { parseMediaType } from "./media-type.ts";
import type { ParameterLists } from "./query.ts";
import { Upload, type UploadLists } from "./upload.ts";

/** How much a form may hold. Sizes are bytes. */
export interface UploadLimits {
  /** Of the whole body. */
  readonly maxSize: number;
  /** Of all fields that are no files, together. */
  readonly maxFieldSize: number;
  /** Most parts, files included. */
  readonly maxParts: number;
  /** Most files. */
  readonly maxFiles: number;
  /** Larger files go to a temporary one. */
  readonly memory: number;
  /** The folder below which temporary files are made. */
  readonly folder: string;
}

/** What a form held. */
export interface ReceivedForm {
  /** The values by name, in the order sent; of a file, its name. */
  readonly fields: ParameterLists;
  /** The files by the name of their field. */
  readonly uploads: UploadLists;
  /** Removes the temporary files. Never rejects. */
  readonly discard: () => Promise<void>;
}

/**
 * Receives a form with files. After a failure nothing is left on the disk and the rest of the body is
 * not read: close the connection. `removing` is given each removal of temporary files that begins.
 *
 * @throws HTTPError 413 `body-too-large` or `too-many-uploads`, 400 `too-many-parameters`, `form-invalid`
 *   or `body-aborted`.
 */
export async function receiveForm(
  stream: Readable,
  headers: IncomingHttpHeaders,
  limits: UploadLimits,
  removing: (removal: Promise<void>) => Promise<void>,
): Promise<ReceivedForm> {
  const contentLength = headers["content-length"];
  const boundary = parseMediaType(headers["content-type"] ?? "")?.parameters["boundary"];
  if (boundary === undefined || !/^[ -~]{1,70}$/.test(boundary)) {
    throw invalid("has no boundary that RFC 2046 allows");
  }
  if (contentLength !== undefined && Number(contentLength) > limits.maxSize) {
    throw tooLarge(limits.maxSize);
  }
  const form = new FormReceiver(limits);
  try {
    await form.receive(stream, boundary);
    return { ...(await form.finish()), discard: () => removing(form.discard()) };
  } catch (error) {
    // A stream that breaks after we stopped listening must not take the process down.
    stream.on("error", ignore).pause();
    await removing(form.discard());
    throw error;
  }
}

type Entry = { readonly name: string } & ({ readonly value: string } | { readonly file: Upload });

class FormReceiver {
  readonly #limits: UploadLimits;
  readonly #parts: Promise<Entry | undefined>[] = [];
  #files = 0;
  #fieldBytes = 0;
  #folder: Promise<string> | undefined;

  constructor(limits: UploadLimits) {
    this.#limits = limits;
  }

  /** Resolves when the whole body has come; rejects with what is wrong with it. */
  receive(stream: Readable, boundary: string): Promise<void> {
    const dicer = new busboy.Dicer({ boundary, maxHeaderPairs: 32 });
    const open = new Set<Dicer.PartStream>();
    let received = 0;
    let count = 0;
    let waiting = 2;
    let failed = false;
    let finished = false;
    return new Promise((resolve, reject) => {
      const onData = (chunk: Buffer): void => {
        received += chunk.length;
        if (received > this.#limits.maxSize) fail(tooLarge(this.#limits.maxSize));
        else if (!finished && !dicer.write(chunk)) stream.pause();
      };
      const onDrain = (): void => void stream.resume();
      const onDone = (): void => {
        if (--waiting === 0) resolve();
      };
      const onEnd = (): void => {
        dicer.end();
        onDone();
      };
      const onClose = (): void => {
        if (!stream.readableEnded) fail(aborted());
      };
      const fail = (error: unknown): void => {
        failed = true;
        stream.off("data", onData).off("end", onEnd).off("close", onClose);
        dicer.off("drain", onDrain).destroy();
        for (const part of open) part.destroy();
        reject(error instanceof Error ? error : aborted());
      };
      dicer.on("part", (part) => {
        part.on("error", ignore);
        count += 1;
        if (count > this.#limits.maxParts && !failed) fail(tooMany(this.#limits.maxParts));
        if (failed) {
          part.resume();
          return;
        }
        open.add(part);
        part.once("close", () => open.delete(part));
        part.once("header", (headers) => {
          const entry = this.#take(part, headers as Readonly<Record<string, string[]>>);
          this.#parts.push(entry);
          entry.catch(fail);
        });
      });
      dicer.on("drain", onDrain).on("error", () => fail(invalid("is cut off or malformed")));
      dicer.once("finish", () => {
        // It may hold back "drain" for good; what still comes is the epilogue.
        finished = true;
        stream.resume();
        onDone();
      });
      stream.on("data", onData).on("end", onEnd).on("close", onClose);
      stream.on("error", (cause: Error) => fail(aborted(cause)));
      if (stream.destroyed && !stream.readableEnded) fail(aborted());
    });
  }

  /** What was received, once the last byte of it is where it belongs. */
  async finish(): Promise<Pick<ReceivedForm, "fields" | "uploads">> {
    const fields = Object.create(null) as Record<string, string[]>;
    const uploads = Object.create(null) as Record<string, Upload[]>;
    for (const entry of await Promise.all(this.#parts)) {
      if (entry === undefined) continue;
      const { name } = entry;
      const text = "file" in entry ? entry.file.filename : entry.value;
      (fields[name] ??= []).push(text);
      if ("file" in entry) (uploads[name] ??= []).push(entry.file);
    }
    return { fields, uploads };
  }

  async discard(): Promise<void> {
    await Promise.allSettled(this.#parts);
    const folder = await this.#folder?.catch(() => undefined);
    if (folder !== undefined) await rm(folder, { recursive: true, force: true }).catch(ignore);
  }

  async #take(
    part: Dicer.PartStream,
    headers: Readonly<Record<string, string[]>>,
  ): Promise<Entry | undefined> {
    const { name, filename } = parseDisposition(headers["content-disposition"]?.[0] ?? "");
    if (name === undefined) throw invalid("has a part without a name");
    if (name === "__proto__") throw invalid('names a parameter "__proto__", which is refused');
    if (filename === undefined) return { name, value: await this.#readField(part) };
    // A file field that was left empty: there is no file, and as in Dancer no parameter.
    if (filename === "") {
      part.resume();
      return undefined;
    }
    this.#files += 1;
    if (this.#files > this.#limits.maxFiles) {
      throw new HTTPError(413, `the form holds more than ${this.#limits.maxFiles} files`, {
        code: "too-many-uploads",
      });
    }
    return { name, file: await this.#readFile(part, { name, filename, headers }) };
  }

  async #readField(part: Readable): Promise<string> {
    const chunks: Buffer[] = [];
    for await (const chunk of part) {
      this.#fieldBytes += (chunk as Buffer).length;
      if (this.#fieldBytes > this.#limits.maxFieldSize) throw tooLarge(this.#limits.maxFieldSize);
      chunks.push(chunk as Buffer);
    }
    return Buffer.concat(chunks).toString("utf8");
  }

  async #readFile(
    part: Readable,
    facts: { name: string; filename: string; headers: Readonly<Record<string, string[]>> },
  ): Promise<Upload> {
    const headers = Object.fromEntries(
      Object.entries(facts.headers).map(([name, values]) => [name, utf8(values.join(", "))]),
    );
    const number = this.#files;
    let chunks: Buffer[] = [];
    let size = 0;
    let file: FileHandle | undefined;
    let path = "";
    try {
      for await (const chunk of part) {
        size += (chunk as Buffer).length;
        chunks.push(chunk as Buffer);
        if (file === undefined && size <= this.#limits.memory) continue;
        if (file === undefined) {
          path = join(await this.#makeFolder(), String(number));
          file = await open(path, "wx", 0o600);
        }
        for (const one of chunks) await file.appendFile(one);
        chunks = [];
      }
    } finally {
      await file?.close();
    }
    const type = headers["content-type"];
    return new Upload(
      {
        name: facts.name,
        filename: facts.filename,
        headers,
        type: type === undefined ? undefined : parseMediaType(type)?.type,
        size,
      },
      file === undefined ? { bytes: Buffer.concat(chunks) } : { path },
    );
  }

  /** The form's own folder, which nobody else can enter. */
  #makeFolder(): Promise<string> {
    return (this.#folder ??= mkdtemp(join(this.#limits.folder, "quickstep-upload-")));
  }
}

const PARAMETER = /;[ \t]*([\w*-]+)[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^;" \t]*))[ \t]*/gy;

/**
 * The name and file name of a part. Browsers send them as UTF-8 in quotes, with `%22` for a quote; RFC 7578
 * forbids `filename*`.
 */
function parseDisposition(header: string): {
  name: string | undefined;
  filename: string | undefined;
} {
  const found = new Map<string, string>();
  const start = /^form-data[ \t]*(?=;|$)/i.exec(header)?.[0].length;
  if (start !== undefined) {
    PARAMETER.lastIndex = start;
    for (;;) {
      const match = PARAMETER.exec(header);
      if (match === null) break;
      // Only quotes are escaped: the backslashes of "C:\files\a.txt" are its own.
      const value = match[2]?.replace(/\\(["\\])/g, "$1") ?? match[3] ?? "";
      found.set((match[1] ?? "").toLowerCase(), utf8(value.replace(/%22/g, '"')));
    }
  }
  return { name: found.get("name"), filename: found.get("filename") };
}

/** The parser hands out bytes as Latin-1. */
function utf8(text: string): string {
  return Buffer.from(text, "latin1").toString("utf8");
}

function tooMany(limit: number): HTTPError {
  return new HTTPError(400, `the form holds more than ${limit} parameters`, {
    code: "too-many-parameters",
  });
}

function invalid(why: string): HTTPError {
  return new HTTPError(400, `the form ${why}`, { code: "form-invalid" });
}

function ignore(): void {
  // Heard on purpose, so that node does not throw it.
}
