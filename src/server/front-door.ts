/** Where requests come in: from node's server or as Web requests, through middleware, into the cycle. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import type { AppHost } from "../app-host.ts";
import type { AppRuntime } from "../app-runtime.ts";
import { isPromise, type Awaitable } from "../awaitable.ts";
import { runMiddlewares } from "./connect.ts";
import { Context } from "../context.ts";
import { currentContext } from "../current-context.ts";
import { describe } from "../log-text.ts";
import { EngineError } from "../errors.ts";
import { isHangUp, writeStream, writeWhole } from "./node-adapter.ts";
import type { Exchange } from "../request/request-abort.ts";
import type { AccessLog } from "../access-log.ts";
import { declaresBody, type RawRequest } from "../request/raw-request.ts";
import { Request } from "../request/request.ts";
import type { RequestCycle } from "../request-cycle.ts";
import { Response } from "../response/response.ts";

/** Makes one response of each request. */
export class FrontDoor {
  readonly #runtime: AppRuntime;
  readonly #host: AppHost;
  readonly #start: () => Promise<void>;
  /** Whether ambient words find their request. */
  readonly #ambient: boolean;
  #cycle: RequestCycle | undefined;
  #access: AccessLog | undefined;

  /** @param start starts the app, which then opens the door */
  constructor(runtime: AppRuntime, host: AppHost, start: () => Promise<void>) {
    this.#runtime = runtime;
    this.#host = host;
    this.#start = start;
    this.#ambient = runtime.options.ambient ?? true;
  }

  /** From now on requests are answered, and logged where `access` is there. */
  open(cycle: RequestCycle, access: AccessLog | undefined): void {
    this.#cycle = cycle;
    this.#access = access;
  }

  /** Answers a request of node's server. */
  answer(req: IncomingMessage, res: ServerResponse): void {
    const { middlewares } = this.#runtime;
    const cycle = this.#cycle;
    this.#access?.begin(req);
    if (cycle === undefined) {
      // Middlewares that the settings name are there only once the app has started.
      this.#start().then(
        () => this.answer(req, res),
        (error: unknown) => this.#write(req, res, unavailable(error)),
      );
    } else if (middlewares.length === 0) {
      this.#admit(cycle, req, res, undefined);
    } else {
      // A middleware that answers tells nobody.
      this.#access?.endWith(req, res, () => res.statusCode);
      const next = (error: unknown): void => {
        // A middleware that has answered and still calls next() wants no second answer.
        if (!res.headersSent) this.#admit(cycle, req, res, error);
        else if (!res.writableEnded) res.destroy();
      };
      runMiddlewares(middlewares, req, res, next, (error) =>
        this.#log(`a middleware failed after next(): ${describe(error)}`, error),
      );
    }
  }

  /** Answers a Web request. @throws EngineError `middleware-needs-node`. */
  async fetch(request: globalThis.Request): Promise<globalThis.Response> {
    await this.#start();
    if (this.#runtime.middlewares.length > 0) {
      throw new EngineError(
        "middleware-needs-node",
        "Connect middleware needs node's request and response, which app.fetch() has not; leave out use() or serve with app.listener",
      );
    }
    const { fromWebRequest, toWebResponse, WebExchange } = await import("./web-adapter.ts");
    const exchange = new WebExchange(request.signal);
    const raw = fromWebRequest(request);
    this.#access?.begin(raw);
    const response =
      this.#cycle === undefined
        ? unavailable(new Error("the app has not started"))
        : await this.#handle(this.#cycle, raw, exchange, undefined);
    this.#access?.endWith(raw, exchange, () => response.status);
    return toWebResponse(response, request.method, exchange);
  }

  /** Most bodies come in one piece with their head: once node has parsed that, nothing has to be waited for. */
  #admit(cycle: RequestCycle, req: IncomingMessage, res: ServerResponse, error: unknown): void {
    if (req.complete || req.readableFlowing !== null || !declaresBody(req)) {
      this.#answer(cycle, req, res, error);
    } else process.nextTick(() => this.#answer(cycle, req, res, error));
  }

  #answer(cycle: RequestCycle, req: IncomingMessage, res: ServerResponse, error: unknown): void {
    const answered = this.#handle(cycle, req, res, error);
    if (isPromise(answered)) void answered.then((response) => this.#write(req, res, response));
    else this.#write(req, res, answered);
  }

  #handle(
    cycle: RequestCycle,
    raw: RawRequest,
    end: Exchange,
    error: unknown,
  ): Awaitable<Response> {
    const { limits } = cycle;
    let refusal = error;
    let request: Request;
    try {
      request = new Request(raw, limits, undefined, end);
      if (limits.allowsHost !== undefined) request.checkHost();
    } catch (thrown) {
      refusal = thrown;
      const { headers, method, socket } = raw;
      request = new Request({ headers, method, socket }, limits);
    }
    this.#access?.opened(raw, request);
    const ctx = new Context(this.#host, request);
    if (refusal !== undefined) return cycle.refuse(ctx, refusal);
    return this.#ambient ? currentContext.run(ctx, runCycle, cycle, ctx) : cycle.run(ctx);
  }

  #write(req: IncomingMessage, res: ServerResponse, response: Response): void {
    try {
      if (res.headersSent || res.destroyed) {
        if (response.content instanceof Readable) response.content.destroy();
        this.#access?.end(req, res.headersSent ? res.statusCode : response.status, true);
      } else if (writeWhole(response, req, res)) {
        this.#access?.end(req, res.statusCode, false);
      } else {
        writeStream(response, req, res, (error) => {
          if (error !== undefined && !isHangUp(error))
            this.#log(`a response broke off: ${describe(error)}`, error);
          this.#access?.end(req, res.statusCode, error !== undefined);
        });
      }
    } catch (error) {
      this.#log(`a response broke off: ${describe(error)}`, error);
      try {
        if (res.headersSent) res.destroy();
        else writeWhole(plainError(), req, res);
      } catch {
        res.destroy();
      }
      this.#access?.end(req, res.statusCode, true);
    }
  }

  #log(message: string, error: unknown): void {
    this.#runtime.log.log("error", message, undefined, error);
  }
}

function runCycle(cycle: RequestCycle, ctx: Context): Awaitable<Response> {
  return cycle.run(ctx);
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
