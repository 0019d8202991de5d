/** Gives a request its body, from the socket or from the middleware that has read it. */
import type { Readable } from "node:stream";
import type { Awaitable } from "../awaitable.ts";
import { checkBodyHeaders, receiveBody } from "./body.ts";
import type { UploadLimits } from "./multipart.ts";
import type { Request } from "./request.ts";

/** How much is received, in bytes. */
export interface ReceiveLimits {
  readonly maxBodySize: number;
  readonly uploads: UploadLimits;
}

/** @throws HTTPError as `checkBodyHeaders`, `receiveBody` and `receiveForm`; QuickstepError as `Request.adopt`. */
export function receive(request: Request, limits: ReceiveLimits): Awaitable<void> {
  if (request.raw.readableDidRead === true) {
    request.adopt(request.raw.body);
    return undefined;
  }
  checkBodyHeaders(request.headers);
  const stream = request.raw as unknown as Readable;
  if (request.contentType === "multipart/form-data") {
    return receiveUploads(request, stream, limits.uploads);
  }
  const length = request.headers["content-length"];
  return receiveBody(stream, limits.maxBodySize, length).then((body) => request.receive(body));
}

async function receiveUploads(
  request: Request,
  stream: Readable,
  limits: UploadLimits,
): Promise<void> {
  const { receiveForm } = await import("./multipart.ts");
  const form = await receiveForm(stream, request.headers, limits);
  request.receiveForm(form.fields, form.uploads);
  request.abort.onEnd(() => void form.discard());
}
