/** Where requests come in: from node's server or as Web requests, through middleware, into the cycle. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { isPromise, type Awaitable } from "../awaitable.ts";
import { runMiddlewares, type ConnectMiddleware } from "./connect.ts";
import { Context, type ContextHost } from "../context.ts";
import { currentContext } from "../current-context.ts";
import { describe } from "../log-text.ts";
import { EngineError } from "../errors.ts";
import { isHangUp, writeResponse } from "./node-adapter.ts";
import { RequestAbort, type Exchange } from "../request/request-abort.ts";
import type { AccessLog } from "../access-log.ts";
import type { RawRequest } from "../request/raw-request.ts";
import { Request } from "../request/request.ts";
import type { RequestCycle } from "../request-cycle.ts";
import { Response } from "../response/response.ts";

/** What the front door needs of its app. */
export interface FrontDoorOptions {
  readonly host: ContextHost;
  readonly middlewares: readonly ConnectMiddleware[];
  /** Whether ambient words find their request. */
  readonly ambient: boolean;
  /** The cycle once the app has started. */
  readonly cycle: () => RequestCycle | undefined;
  readonly start: () => Promise<void>;
  readonly log: (message: string, error: unknown) => void;
  /** Where requests are logged, once the app has started. */
  readonly access: () => AccessLog | undefined;
}

/** Makes one response of each request. */
export class FrontDoor {
  readonly #options: FrontDoorOptions;

  constructor(options: FrontDoorOptions) {
    this.#options = options;
  }

  /** Answers a request of node's server. */
  answer(req: IncomingMessage, res: ServerResponse): void {
    const { middlewares } = this.#options;
    const access = this.#options.access();
    access?.begin(req);
    if (this.#options.cycle() === undefined) {
      // Middlewares that the settings name are there only once the app has started.
      this.#options.start().then(
        () => this.answer(req, res),
        (error: unknown) => this.#write(req, res, unavailable(error)),
      );
    } else if (middlewares.length === 0) {
      this.#answer(req, res, undefined);
    } else {
      // A middleware that answers tells nobody.
      access?.endWith(req, res, () => res.statusCode);
      const next = (error: unknown): void => {
        // A middleware that has answered and still calls next() wants no second answer.
        if (!res.headersSent) this.#answer(req, res, error);
        else if (!res.writableEnded) res.destroy();
      };
      runMiddlewares(middlewares, req, res, next, (error) =>
        this.#options.log(`a middleware failed after next(): ${describe(error)}`, error),
      );
    }
  }

  /** Answers a Web request. @throws EngineError `middleware-needs-node`. */
  async fetch(request: globalThis.Request): Promise<globalThis.Response> {
    await this.#options.start();
    if (this.#options.middlewares.length > 0) {
      throw new EngineError(
        "middleware-needs-node",
        "Connect middleware needs node's request and response, which app.fetch() has not; leave out use() or serve with app.listener",
      );
    }
    const { fromWebRequest, toWebResponse, WebExchange } = await import("./web-adapter.ts");
    const exchange = new WebExchange(request.signal);
    const raw = fromWebRequest(request);
    this.#options.access()?.begin(raw);
    const response = await this.#handle(raw, exchange, undefined);
    this.#options.access()?.endWith(raw, exchange, () => response.status);
    return toWebResponse(response, request.method, exchange);
  }

  #answer(req: IncomingMessage, res: ServerResponse, error: unknown): void {
    const answered = this.#handle(req, res, error);
    if (isPromise(answered)) void answered.then((response) => this.#write(req, res, response));
    else this.#write(req, res, answered);
  }

  #write(req: IncomingMessage, res: ServerResponse, response: Response): void {
    const failed = (error: unknown): void =>
      this.#options.log(`a response broke off: ${describe(error)}`, error);
    const ended = (error?: Error): void => {
      if (error !== undefined && !isHangUp(error)) failed(error);
      const status = res.headersSent ? res.statusCode : response.status;
      this.#options.access()?.end(req, status, error !== undefined);
    };
    try {
      writeResponse(response, req, res, ended);
    } catch (error) {
      failed(error);
      try {
        if (res.headersSent) res.destroy();
        else writeResponse(plainError(), req, res, ended);
      } catch {
        res.destroy();
      }
      this.#options.access()?.end(req, res.statusCode, true);
    }
  }

  #handle(raw: RawRequest, end: Exchange, error: unknown): Awaitable<Response> {
    const cycle = this.#options.cycle();
    if (cycle === undefined) return unavailable(new Error("the app has not started"));
    const { host } = this.#options;
    const { limits } = cycle;
    let refusal = error;
    let request: Request;
    try {
      request = new Request(raw, limits, undefined, new RequestAbort(end));
      if (limits.allowsHost !== undefined) request.checkHost();
    } catch (thrown) {
      refusal = thrown;
      request = new Request(
        { headers: raw.headers, method: raw.method, socket: raw.socket },
        limits,
      );
    }
    this.#options.access()?.opened(raw, request);
    const ctx = new Context(host, request);
    const run = (): Awaitable<Response> =>
      refusal === undefined ? cycle.run(ctx) : cycle.refuse(ctx, refusal);
    return this.#options.ambient ? currentContext.run(ctx, run) : run();
  }
}

/** The answer while the app cannot start: nothing for the client, the reason for whoever runs it. */
function unavailable(error: unknown): Response {
  process.stderr.write(`the app could not start: ${describe(error)}\n`);
  return plainError();
}

function plainError(): Response {
  const response = new Response();
  response.status = 500;
  response.setHeader("Content-Type", "text/plain; charset=utf-8");
  response.content = "Error 500\n";
  return response;
}
