/** The life of a request: file, hooks, route, response, hooks, session; errors leave by the same door. */
import { attempt, chain, type Awaitable } from "./awaitable.ts";
import { attribute } from "./request/attribute.ts";
import { receive } from "./request/receive.ts";
import type { Context } from "./context.ts";
import type { CycleParts } from "./cycle-parts.ts";
import { QuickstepError, ResponseError, type HTTPError } from "./errors.ts";
import { withinTime } from "./request/handler-timeout.ts";
import type { RequestLimits } from "./request/raw-request.ts";
import { Request } from "./request/request.ts";
import { finishContent, finishType } from "./response/respond.ts";
import type { Response } from "./response/response.ts";
import { noRoute } from "./routing/no-route.ts";
import type { Route } from "./routing/route.ts";
import type { Router } from "./routing/router.ts";
import { isSignal, leave, type Forward, type SendFile } from "./signals.ts";

/** How far a request came: whether its session changes count. */
type Outcome = "answered" | "failed";

const MAX_FORWARDS = 10;
const MAX_REWRITES = 10;

/** Answers requests; whatever a handler or hook does, exactly one response comes out. */
export class RequestCycle {
  readonly #parts: CycleParts;

  constructor(parts: CycleParts) {
    this.#parts = parts;
  }

  /** What requests are parsed by. */
  get limits(): RequestLimits {
    return this.#parts.limits;
  }

  /** Answers one request. Never throws and never rejects; no promise for what is synchronous. */
  run(ctx: Context): Awaitable<Response> {
    return chain(this.#dispatch(ctx), (outcome) => this.#finish(ctx, outcome));
  }

  /** Answers a request that was refused before it began, as a route that threw. */
  refuse(ctx: Context, thrown: unknown): Awaitable<Response> {
    return chain(this.#fail(ctx, thrown), (outcome) => this.#finish(ctx, outcome));
  }

  #dispatch(ctx: Context): Awaitable<Outcome> {
    return attempt<Outcome>(
      () => this.#serve(ctx),
      (thrown) => this.#leave(ctx, thrown),
    );
  }

  #serve(ctx: Context): Awaitable<Outcome> {
    return chain(this.#parts.hooks.run("on_reset_state", ctx), () => {
      const { method, path } = ctx.request;
      if (method === "GET" || method === "HEAD") {
        const { files } = this.#parts;
        const file = files?.find(path);
        if (files !== undefined && file !== undefined) {
          return chain(files.answer(file, ctx), () => "answered");
        }
      }
      const found = this.#find(ctx, 0);
      return chain(this.#receive(ctx, found), () =>
        chain(this.#parts.serialization.read(ctx), () => this.#before(ctx, found, 0)),
      );
    });
  }

  /** As in Dancer, before hooks see the route that matched, and run anew when one asks for another path. */
  #before(ctx: Context, found: Found | undefined, rewrites: number): Awaitable<Outcome> {
    const { pathInfo } = ctx.request;
    ctx.enter(found);
    return chain(this.#loadSession(ctx, found), () =>
      chain(this.#inTime(ctx, this.#askHooks(ctx)), () => {
        if (ctx.request.pathInfo === pathInfo) return this.#route(ctx, found);
        if (rewrites < MAX_REWRITES) return this.#before(ctx, this.#find(ctx, 0), rewrites + 1);
        const message = `before hooks set pathInfo more than ${MAX_REWRITES} times; the last was "${pathInfo}"`;
        throw new QuickstepError("path-rewrite-loop", message);
      }),
    );
  }

  /** A hook that refuses is final: a later one cannot forward or send a file in its place. */
  #askHooks(ctx: Context): Awaitable<unknown> {
    return attempt<unknown>(
      () => this.#parts.hooks.run("before", ctx),
      (thrown) => {
        const goesOn = isSignal(thrown) && ["forward", "file"].includes(thrown.signal);
        if (!goesOn || !(isRedirect(ctx) || ctx.response.content !== undefined)) throw thrown;
      },
    );
  }

  #route(ctx: Context, found: Found | undefined): Awaitable<Outcome> {
    if (ctx.response.content !== undefined) return this.#typed(ctx);
    if (isRedirect(ctx)) return this.#after(ctx);
    if (found === undefined) return this.#miss(ctx);
    return chain(this.#run(ctx, found), (value) =>
      chain(this.#parts.serialization.answer(ctx, value), () => this.#after(ctx)),
    );
  }

  #run(ctx: Context, found: Found): unknown {
    ctx.enter(found);
    return attempt<unknown>(
      () => this.#inTime(ctx, found.route.handler(ctx as Context<never>)),
      (thrown) => this.#leaveRoute(ctx, found, thrown),
    );
  }

  /** What `pass` and `sendError` answer is a route's answer: after hooks run for it. */
  #leaveRoute(ctx: Context, found: Found, thrown: unknown): unknown {
    if (!isSignal(thrown)) {
      ctx.progress.threw = true;
      return chain(this.#parts.hooks.run("on_route_exception", ctx, thrown), () => {
        throw thrown;
      });
    }
    const { errorPages } = this.#parts;
    const content = (): unknown => ctx.response.content;
    if (thrown.signal === "error") {
      return chain(errorPages.answer(ctx, thrown.status, thrown, true), content);
    }
    if (thrown.signal !== "pass") leave(thrown);
    const next = this.#find(ctx, found.position + 1);
    if (next !== undefined) return this.#run(ctx, next);
    ctx.progress.threw = true;
    return chain(errorPages.answerThrown(ctx, this.#noRoute(ctx)), content);
  }

  /** Waits for the app's own code no longer than `handler_timeout`; code cannot be stopped, only told. */
  #inTime<T>(ctx: Context, value: T): T | Promise<Awaited<T>> {
    return withinTime(ctx.request, value, this.#parts.limits.handlerTimeout);
  }

  #find(ctx: Context, from: number): Found | undefined {
    const { method, pathInfo } = ctx.request;
    let found = this.#parts.router.find(method, pathInfo, from);
    while (found?.route.conditions?.holds((name) => attribute(ctx.request, name)) === false) {
      found = this.#parts.router.find(method, pathInfo, found.position + 1);
    }
    return found;
  }

  /** No route matched: a view of the path's name, where `auto_page` asks for it, or an error. */
  #miss(ctx: Context): Awaitable<Outcome> {
    const page = this.#parts.autoPage?.(ctx);
    if (page === undefined) return this.#fail(ctx, this.#noRoute(ctx));
    return chain(page, (text) => {
      ctx.restart();
      ctx.response.content = text;
      return this.#typed(ctx);
    });
  }

  #noRoute(ctx: Context): HTTPError {
    const { method, pathInfo } = ctx.request;
    return noRoute(method, pathInfo, this.#parts.router.allowed(pathInfo));
  }

  #receive(ctx: Context, found: Found | undefined): Awaitable<void> {
    const { request } = ctx;
    if (!request.hasBody || request.isForward || found?.route.streamsBody === true)
      return undefined;
    return receive(request, this.#parts.limits);
  }

  #loadSession(ctx: Context, found: Found | undefined): Awaitable<void> {
    return found?.route.session === true
      ? this.#parts.sessions?.load(ctx.request, ctx.progress)
      : undefined;
  }

  #after(ctx: Context): Awaitable<Outcome> {
    if (ctx.progress.afterBegan) return this.#typed(ctx);
    ctx.progress.afterBegan = true;
    return chain(this.#inTime(ctx, this.#parts.hooks.run("after", ctx)), () => this.#typed(ctx));
  }

  #typed(ctx: Context): Outcome {
    finishContent(ctx.response);
    finishType(ctx.response, this.#parts.defaults);
    return "answered";
  }

  #leave(ctx: Context, thrown: unknown): Awaitable<Outcome> {
    if (!isSignal(thrown)) return this.#crash(ctx, thrown);
    switch (thrown.signal) {
      case "halt":
        return attempt<Outcome>(
          () => chain(this.#parts.serialization.fill(ctx, thrown.content), () => this.#typed(ctx)),
          (error) => this.#fail(ctx, error),
        );
      case "error":
        return chain(this.#parts.errorPages.answer(ctx, thrown.status, thrown), () =>
          this.#typed(ctx),
        );
      case "file":
        return attempt<Outcome>(
          () => chain(this.#sendFile(ctx, thrown), () => this.#after(ctx)),
          (error) => this.#leave(ctx, error),
        );
      case "forward":
        return this.#forward(ctx, thrown);
      case "pass":
        return this.#fail(
          ctx,
          new QuickstepError("pass-outside-route", "pass() works in a route only"),
        );
    }
  }

  #forward(ctx: Context, signal: Forward): Awaitable<Outcome> {
    ctx.progress.forwards += 1;
    if (ctx.progress.forwards > MAX_FORWARDS) {
      const message = `more than ${MAX_FORWARDS} forwards in one request; the last went to "${signal.target}"`;
      return this.#fail(ctx, new QuickstepError("forward-loop", message));
    }
    return attempt<Outcome>(
      () => {
        const forwarded = { from: ctx.request, ...signal };
        ctx.restart(new Request(ctx.request.raw, this.#parts.limits, forwarded));
        ctx.progress.afterBegan = false;
        return chain(this.#dispatch(ctx), (outcome) =>
          chain(this.#parts.hooks.run("after", ctx), () => outcome),
        );
      },
      (thrown) => this.#leave(ctx, thrown),
    );
  }

  /** As in Dancer, a file that cannot be sent is an answer like any other: after hooks run for it. */
  #sendFile(ctx: Context, signal: SendFile): Awaitable<unknown> {
    return attempt<unknown>(
      () => chain(this.#parts.files ?? this.#parts.loadFiles(), (files) => files.send(signal, ctx)),
      (thrown) => this.#parts.errorPages.answerThrown(ctx, thrown),
    );
  }

  /** An exception, and not a request that nothing answers: hooks hear of it. */
  #crash(ctx: Context, thrown: unknown): Awaitable<Outcome> {
    return attempt<Outcome>(
      () =>
        chain(this.#parts.hooks.run("on_handler_exception", ctx, thrown), () =>
          this.#fail(ctx, thrown),
        ),
      (other) =>
        isSignal(other)
          ? this.#leave(ctx, other)
          : chain(this.#fail(ctx, thrown), () => this.#fail(ctx, other)),
    );
  }

  #fail(ctx: Context, thrown: unknown): Awaitable<Outcome> {
    return chain(this.#parts.errorPages.answerThrown(ctx, thrown), () => {
      this.#typed(ctx);
      return "failed" as const;
    });
  }

  /** Settles the session, in this one place; a session that cannot be kept is an error like any other. */
  #finish(ctx: Context, outcome: Outcome): Awaitable<Response> {
    const { status } = ctx.response;
    if (!Number.isInteger(status) || status < 200 || status > 999) {
      const error = new ResponseError("status-invalid", `no answer can have the status ${status}`);
      return chain(this.#fail(ctx, error), (failed) => this.#finish(ctx, failed));
    }
    return chain(
      attempt<unknown>(
        () => this.#settle(ctx, outcome === "failed" || ctx.progress.threw),
        (thrown) =>
          chain(this.#parts.errorPages.answerThrown(ctx, thrown), () =>
            attempt<unknown>(
              () => this.#settle(ctx, true),
              () => ctx.response.vary("Cookie"),
            ),
          ),
      ),
      () => ctx.response,
    );
  }

  #settle(ctx: Context, failed: boolean): Awaitable<void> {
    ctx.progress.sessionSettled = true;
    const session = ctx.progress.session;
    if (session === undefined || this.#parts.sessions === undefined) return undefined;
    return this.#parts.sessions.settle(session, ctx.request, ctx.response, failed);
  }
}

/** Whatever status a later hook has set. */
function isRedirect({ progress, response }: Context): boolean {
  const { status } = response;
  if (progress.redirected) return true;
  return status >= 300 && status < 400 && response.header("Location") !== undefined;
}

type Found = NonNullable<ReturnType<Router<Route>["find"]>>;
