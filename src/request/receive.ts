/** Gives a request its body, from the socket or from the middleware that has read it. */
import type { Readable } from "node:stream";
import type { Awaitable } from "../awaitable.ts";
import { receiveBody } from "./body.ts";
import type { Request } from "./request.ts";

/** @throws HTTPError as `receiveBody` and QuickstepError as `Request.adopt`. */
export function receive(request: Request, limit: number): Awaitable<void> {
  if (request.raw.readableDidRead === true) {
    request.adopt(request.raw.body);
    return undefined;
  }
  return new Promise((resolve, reject) => {
    const length = request.headers["content-length"];
    const stream = request.raw as unknown as Readable;
    receiveBody(stream, limit, length, (error, body) => {
      if (error !== undefined) {
        reject(error);
        return;
      }
      request.receive(body);
      resolve();
    });
  });
}
