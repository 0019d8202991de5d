/** The life of a request: file, hooks, route, response, hooks, session; errors leave by the same door. */
import { attempt, chain, follow, isPromise, type Awaitable, type Step } from "./awaitable.ts";
import type { Context } from "./context.ts";
import type { CycleParts } from "./cycle-parts.ts";
import { QuickstepError, ResponseError } from "./errors.ts";
import { withinTime } from "./request/handler-timeout.ts";
import type { RequestLimits } from "./request/raw-request.ts";
import { receive } from "./request/receive.ts";
import { Request } from "./request/request.ts";
import { finishContent, finishType, setType } from "./response/respond.ts";
import type { Response } from "./response/response.ts";
import { Passage } from "./passage.ts";
import { Dispatcher } from "./routing/dispatcher.ts";
import { isSignal, type Forward, type SendFile } from "./signals.ts";

const MAX_FORWARDS = 10;
const MAX_REWRITES = 10;

/**
 * Answers requests; whatever a handler or hook does, exactly one response comes out.
 *
 * The life of a request is a row of steps, each of which ends by going on with the next one: `open`,
 * `read`, `enter`, `ask`, `look`, `route`, `after`, `type`.
 */
export class RequestCycle {
  readonly #parts: CycleParts;
  readonly #dispatcher: Dispatcher;
  readonly #resets: boolean;
  readonly #asks: boolean;
  readonly #hasAfter: boolean;

  constructor(parts: CycleParts) {
    this.#parts = parts;
    this.#dispatcher = new Dispatcher(parts);
    this.#resets = parts.hooks.has("on_reset_state");
    this.#asks = parts.hooks.has("before");
    this.#hasAfter = parts.hooks.has("after");
  }

  /** What requests are parsed by. */
  get limits(): RequestLimits {
    return this.#parts.limits;
  }

  /** Answers one request. Never throws and never rejects; no promise for what is synchronous. */
  run(ctx: Context): Awaitable<Response> {
    const passage = new Passage(ctx);
    const served = this.#begin(passage);
    return isPromise(served) ? served.then(() => this.#finish(passage)) : this.#finish(passage);
  }

  /** Answers a request that was refused before it began, as a route that threw. */
  refuse(ctx: Context, thrown: unknown): Awaitable<Response> {
    const passage = new Passage(ctx);
    return chain(this.#fail(passage, thrown), () => this.#finish(passage));
  }

  #begin(passage: Passage): Awaitable<void> {
    try {
      const reset = this.#resets && this.#parts.hooks.run("on_reset_state", passage.ctx);
      const served = follow(reset, this.#open, passage);
      return isPromise(served)
        ? served.then(undefined, (thrown: unknown) => this.#leave(passage, thrown))
        : served;
    } catch (thrown) {
      return this.#leave(passage, thrown);
    }
  }

  /** A file of `public` answers before any route; otherwise a body has to come first. */
  readonly #open: Step<Passage> = (passage) => {
    const { files, limits } = this.#parts;
    const { ctx } = passage;
    const { request } = ctx;
    if (files !== undefined && (request.method === "GET" || request.method === "HEAD")) {
      const file = files.find(request.path);
      if (file !== undefined) return files.answer(file, ctx);
    }
    const found = this.#dispatcher.find(passage);
    if (!request.hasBody || request.isForward || found?.route.streamsBody === true) {
      return this.#read(passage);
    }
    return follow(receive(request, limits), this.#read, passage);
  };

  readonly #read: Step<Passage> = (passage) =>
    follow(this.#parts.serialization.read(passage.ctx), this.#enter, passage);

  /** As in Dancer, before hooks see the route that matched, and run anew when one asks for another path. */
  readonly #enter: Step<Passage> = (passage) => {
    const { ctx, found } = passage;
    const { autoPage, sessions } = this.#parts;
    ctx.enter(found);
    // Where no route matches, a before hook or a page may still ask for the session.
    const mayUse = found === undefined ? this.#asks || autoPage !== undefined : found.route.session;
    if (sessions === undefined || !mayUse) return this.#ask(passage);
    return follow(sessions.load(ctx.request, ctx.progress), this.#ask, passage);
  };

  readonly #ask: Step<Passage> = (passage) => {
    if (!this.#asks) return this.#route(passage);
    return follow(this.#inTime(passage.ctx, this.#askHooks(passage.ctx)), this.#look, passage);
  };

  /** A hook that refuses is final: a later one cannot forward or send a file in its place. */
  #askHooks(ctx: Context): Awaitable<void> {
    return attempt(
      () => this.#parts.hooks.run("before", ctx),
      (thrown) => {
        const goesOn = isSignal(thrown) && ["forward", "file"].includes(thrown.signal);
        if (!goesOn || !(isRedirect(ctx) || ctx.response.content !== undefined)) throw thrown;
      },
    );
  }

  readonly #look: Step<Passage> = (passage) => {
    const { request } = passage.ctx;
    if (request.pathInfo === passage.foundFor) return this.#route(passage);
    if (++passage.rewrites > MAX_REWRITES) {
      const message = `before hooks set pathInfo more than ${MAX_REWRITES} times; the last was "${request.pathInfo}"`;
      throw new QuickstepError("path-rewrite-loop", message);
    }
    this.#dispatcher.find(passage);
    return this.#enter(passage);
  };

  readonly #route: Step<Passage> = (passage) => {
    const { ctx, found } = passage;
    if (isRedirect(ctx))
      return ctx.response.content === undefined ? this.#after(passage) : this.#type(passage);
    if (found === undefined) return this.#miss(passage);
    if (ctx.response.content !== undefined) return this.#type(passage);
    const value = this.#dispatcher.run(passage, found);
    if (!isPromise(value)) return this.#answer(passage, value);
    return Promise.resolve(value).then((data) => this.#answer(passage, data));
  };

  #answer(passage: Passage, value: unknown): Awaitable<void> {
    return follow(this.#parts.serialization.answer(passage.ctx, value), this.#after, passage);
  }

  readonly #after: Step<Passage> = (passage) => {
    const { hooks } = this.#parts;
    const { ctx } = passage;
    if (passage.afterBegan || !this.#hasAfter) return this.#type(passage);
    passage.afterBegan = true;
    // As in Dancer, after hooks find a type.
    setType(ctx.response, this.#parts.defaults.contentType);
    return follow(this.#inTime(ctx, hooks.run("after", ctx)), this.#type, passage);
  };

  readonly #type: Step<Passage> = ({ ctx: { response } }) => {
    finishContent(response);
    finishType(response, this.#parts.defaults);
  };

  /** Waits for the app's own code no longer than `handler_timeout`; code cannot be stopped, only told. */
  #inTime<T>(ctx: Context, value: T): T | Promise<Awaited<T>> {
    return withinTime(ctx.request, value, this.#parts.limits.handlerTimeout);
  }

  /** No route matched: a view of the path's name, where `auto_page` asks for it, or an error. */
  #miss(passage: Passage): Awaitable<void> {
    const { ctx } = passage;
    const page = this.#parts.autoPage?.(ctx);
    if (page === undefined) return follow(this.#dispatcher.miss(ctx), this.#type, passage);
    return chain(page, (text) => {
      ctx.restart();
      ctx.response.content = text;
      return this.#type(passage);
    });
  }

  #leave(passage: Passage, thrown: unknown): Awaitable<void> {
    const { ctx } = passage;
    const { errorPages, serialization } = this.#parts;
    if (!isSignal(thrown)) return this.#crash(passage, thrown);
    switch (thrown.signal) {
      case "halt":
        return attempt(
          () => follow(serialization.fill(ctx, thrown.content), this.#type, passage),
          (error) => this.#fail(passage, error),
        );
      case "error":
        return follow(errorPages.answer(ctx, thrown.status, thrown), this.#type, passage);
      case "file":
        return attempt(
          () => follow(this.#sendFile(ctx, thrown), this.#after, passage),
          (error) => this.#leave(passage, error),
        );
      case "forward":
        return this.#forward(passage, thrown);
      case "pass":
        return this.#fail(
          passage,
          new QuickstepError("pass-outside-route", "pass() works in a route only"),
        );
    }
  }

  #forward(passage: Passage, signal: Forward): Awaitable<void> {
    const { ctx } = passage;
    passage.forwards += 1;
    if (passage.forwards > MAX_FORWARDS) {
      const message = `more than ${MAX_FORWARDS} forwards in one request; the last went to "${signal.target}"`;
      return this.#fail(passage, new QuickstepError("forward-loop", message));
    }
    return attempt(
      () => {
        const forwarded = { from: ctx.request, ...signal };
        ctx.restart(new Request(ctx.request.raw, this.#parts.limits, forwarded));
        passage.afterBegan = false;
        passage.rewrites = 0;
        return chain(this.#begin(passage), () => this.#parts.hooks.run("after", ctx));
      },
      (thrown) => this.#leave(passage, thrown),
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
  #crash(passage: Passage, thrown: unknown): Awaitable<void> {
    const { hooks } = this.#parts;
    return attempt(
      () =>
        chain(hooks.run("on_handler_exception", passage.ctx, thrown), () =>
          this.#fail(passage, thrown),
        ),
      (other) =>
        isSignal(other)
          ? this.#leave(passage, other)
          : chain(this.#fail(passage, thrown), () => this.#fail(passage, other)),
    );
  }

  #fail(passage: Passage, thrown: unknown): Awaitable<void> {
    passage.failed = true;
    const told = this.#parts.errorPages.answerThrown(passage.ctx, thrown);
    return follow(told, this.#type, passage);
  }

  /** Settles the session, in this one place; a session that cannot be kept is an error like any other. */
  #finish(passage: Passage): Awaitable<Response> {
    const { ctx } = passage;
    const { status } = ctx.response;
    if (!Number.isInteger(status) || status < 200 || status > 999) {
      const error = new ResponseError("status-invalid", `no answer can have the status ${status}`);
      return chain(this.#fail(passage, error), () => this.#finish(passage));
    }
    ctx.progress.sessionSettled = true;
    if (ctx.progress.session === undefined) return ctx.response;
    const settled = attempt<unknown>(
      () => this.#settle(passage),
      (thrown) => this.#settleFailed(passage, thrown),
    );
    return chain(settled, () => ctx.response);
  }

  #settle({ ctx, failed }: Passage): Awaitable<void> {
    const { progress, request, response } = ctx;
    const { session } = progress;
    if (session === undefined) return undefined;
    return this.#parts.sessions?.settle(session, request, response, failed);
  }

  #settleFailed(passage: Passage, thrown: unknown): Awaitable<unknown> {
    const { ctx } = passage;
    return chain(this.#parts.errorPages.answerThrown(ctx, thrown), () => {
      passage.failed = true;
      return attempt<unknown>(
        () => this.#settle(passage),
        // The page has been made; a store that fails twice has been logged once.
        () => undefined,
      );
    });
  }
}

/** Whatever status a later hook has set. */
function isRedirect({ progress, response }: Context): boolean {
  const { status } = response;
  if (progress.redirected) return true;
  return status >= 300 && status < 400 && response.header("Location") !== undefined;
}
