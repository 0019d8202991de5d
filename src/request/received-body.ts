/** A request's body, received within its limits or taken from middleware, and what it holds. */
import type { IncomingHttpHeaders } from "node:http";
import type { Readable } from "node:stream";
import type { Awaitable } from "../awaitable.ts";
import { QuickstepError } from "../errors.ts";
import { checkBodyHeaders, parseFormBody, parseJsonBody, receiveBody } from "./body.ts";
import type { UploadLimits } from "./multipart.ts";
import { isJson, lastValues } from "./params.ts";
import type { ParameterLimits, ParameterLists } from "./query.ts";
import type { RawRequest } from "./raw-request.ts";
import type { RequestAbort } from "./request-abort.ts";
import type { UploadLists } from "./upload.ts";

/** How much is received, in bytes. */
export interface ReceiveLimits {
  readonly maxBodySize: number;
  readonly uploads: UploadLimits;
}

/** What a body is received for; a `Request` fits. */
export interface BodyHolder {
  readonly raw: RawRequest;
  readonly headers: IncomingHttpHeaders;
  readonly mediaType: string | undefined;
  readonly abort: RequestAbort;
  received: ReceivedBody | undefined;
}

/** What was known of a body when it came; the rest is worked out when it is first asked for. */
interface BodyParts {
  readonly bytes?: Buffer;
  /** The values of a form, by name. */
  readonly form?: ParameterLists;
  readonly data?: { readonly value: unknown };
  readonly uploads?: UploadLists;
}

const NO_PARAMETERS: ParameterLists = Object.freeze(Object.create(null) as ParameterLists);

/** One body: bytes, and the form or the data in them. */
export class ReceivedBody {
  readonly bytes: Buffer;
  readonly uploads: UploadLists | undefined;
  readonly #type: string | undefined;
  readonly #limits: ParameterLimits;
  #form: ParameterLists | undefined;
  #data: { readonly value: unknown } | undefined;
  #wasRead = false;

  constructor(type: string | undefined, limits: ParameterLimits, parts: BodyParts) {
    this.#type = type;
    this.#limits = limits;
    this.bytes = parts.bytes ?? Buffer.alloc(0);
    this.uploads = parts.uploads;
    this.#form = parts.form;
    this.#data = parts.data;
  }

  /** The values of an HTML form, by name. @throws HTTPError as `parseFormBody`. */
  get form(): ParameterLists {
    return (this.#form ??= this.#isForm ? parseFormBody(this.bytes, this.#limits) : NO_PARAMETERS);
  }

  /** What JSON says, or a form's values. @throws HTTPError as `parseFormBody` and `parseJsonBody`. */
  get data(): unknown {
    return (this.#data ??= { value: this.#parse() }).value;
  }

  /** True when there is data rather than a form. */
  get hasData(): boolean {
    return this.#wasRead || isJson(this.#type);
  }

  /** Keeps the data that a serializer read in the bytes. */
  keepData(value: unknown): void {
    this.#data = { value };
    this.#wasRead = true;
  }

  get #isForm(): boolean {
    return this.#type === "application/x-www-form-urlencoded";
  }

  #parse(): unknown {
    if (this.bytes.length === 0) return undefined;
    if (isJson(this.#type)) return parseJsonBody(this.bytes);
    return this.#isForm ? lastValues(this.form) : undefined;
  }
}

/**
 * Receives the body of a request, or takes what Connect middleware has made of it.
 *
 * @throws HTTPError as `checkBodyHeaders`, `receiveBody` and `receiveForm`; QuickstepError
 *   `body-consumed` when a middleware read it and left nothing.
 */
export function receiveBodyOf(
  request: BodyHolder,
  limits: ReceiveLimits & ParameterLimits,
): Awaitable<void> {
  const { raw, mediaType } = request;
  const keep = (parts: BodyParts): void => {
    request.received = new ReceivedBody(mediaType, limits, parts);
  };
  if (raw.readableDidRead === true) {
    keep(adopted(raw.body, mediaType));
    return undefined;
  }
  checkBodyHeaders(request.headers);
  const stream = raw as unknown as Readable;
  if (mediaType === "multipart/form-data") {
    return receiveUploads(request, stream, limits.uploads, keep);
  }
  const length = request.headers["content-length"];
  return receiveBody(stream, limits.maxBodySize, length, (bytes) => {
    raw.isReceived = true;
    keep({ bytes });
  });
}

/**
 * What middleware such as `express.json()` left in `req.body`: text and bytes are the body itself;
 * anything else is data, and its texts are a form where the body is not JSON.
 */
function adopted(body: unknown, mediaType: string | undefined): BodyParts {
  if (body === undefined || body === null) {
    throw new QuickstepError(
      "body-consumed",
      "a middleware has read the request body and left no req.body; " +
        'let it set that, or declare the route with { body: "stream" }',
    );
  }
  if (typeof body === "string") return { bytes: Buffer.from(body) };
  if (body instanceof Uint8Array) return { bytes: Buffer.from(body) };
  return { data: { value: body }, form: isJson(mediaType) ? NO_PARAMETERS : textLists(body) };
}

function textLists(data: object): ParameterLists {
  const lists = Object.create(null) as Record<string, readonly string[]>;
  for (const [name, value] of Object.entries(data)) {
    const texts = [value].flat().filter((one) => typeof one === "string");
    if (texts.length > 0) lists[name] = texts;
  }
  return lists;
}

const removals = new Set<Promise<void>>();

/** Resolves when no temporary file is being removed any more. */
export async function uploadsRemoved(): Promise<void> {
  // What was cut off with its connection hears of it a moment later.
  await new Promise(setImmediate);
  await Promise.all(removals);
}

function removing(removal: Promise<void>): Promise<void> {
  removals.add(removal);
  return removal.finally(() => removals.delete(removal));
}

async function receiveUploads(
  request: BodyHolder,
  stream: Readable,
  limits: UploadLimits,
  keep: (parts: BodyParts) => void,
): Promise<void> {
  const { receiveForm } = await import("./multipart.ts");
  const {
    fields: form,
    uploads,
    discard,
  } = await receiveForm(stream, request.headers, limits, removing);
  keep({ form, uploads, data: { value: lastValues(form) } });
  request.abort.onEnd(() => void discard());
}
