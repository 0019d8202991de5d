/** Finds the route that is to answer, runs its handler, and goes on with the next route on `pass`. */
import { chain, isPromise, type Awaitable } from "../awaitable.ts";
import type { Context } from "../context.ts";
import type { CycleParts } from "../cycle-parts.ts";
import type { Passage } from "../passage.ts";
import { attribute } from "../request/attribute.ts";
import { withinTime } from "../request/handler-timeout.ts";
import { isSignal, leave } from "../signals.ts";
import { NoRoute } from "./no-route.ts";
import type { RouteMatch } from "./route.ts";

/** Leads requests to their routes. */
export class Dispatcher {
  readonly #parts: CycleParts;

  constructor(parts: CycleParts) {
    this.#parts = parts;
  }

  /** Notes the route that matches, the first or the one after `position` on, and gives it. */
  find(passage: Passage, from = 0): RouteMatch | undefined {
    const { request } = passage.ctx;
    const { router } = this.#parts;
    let found = router.find(request.method, request.pathInfo, from);
    while (found?.route.conditions?.holds((name) => attribute(request, name)) === false) {
      found = router.find(request.method, request.pathInfo, found.position + 1);
    }
    passage.foundFor = request.pathInfo;
    return (passage.found = found);
  }

  /** What the route's handler answers, or that of the next where it passes; what it throws leaves here too. */
  run(passage: Passage, { route }: RouteMatch): unknown {
    try {
      const value = route.handler(passage.ctx as Context<never>);
      if (!isPromise(value)) return value;
      const inTime = withinTime(passage.ctx.request, value, this.#parts.limits.handlerTimeout);
      return Promise.resolve(inTime).then(undefined, (thrown: unknown) =>
        this.#leave(passage, thrown),
      );
    } catch (thrown) {
      return this.#leave(passage, thrown);
    }
  }

  /** Answers that there is no route, or no further one. */
  miss(ctx: Context): Awaitable<unknown> {
    const { method, pathInfo } = ctx.request;
    const reason = new NoRoute(method, pathInfo, this.#parts.router.allowed(pathInfo));
    return this.#parts.errorPages.answerNoRoute(ctx, reason);
  }

  /** What `pass` and `sendError` answer is a route's answer: after hooks run for it. */
  #leave(passage: Passage, thrown: unknown): unknown {
    const { errorPages, hooks } = this.#parts;
    const { ctx } = passage;
    if (!isSignal(thrown)) {
      passage.failed = true;
      return chain(hooks.run("on_route_exception", ctx, thrown), () => {
        throw thrown;
      });
    }
    const content = (): unknown => ctx.response.content;
    if (thrown.signal === "error") {
      return chain(errorPages.answer(ctx, thrown.status, thrown, true), content);
    }
    if (thrown.signal !== "pass") leave(thrown);
    const next = this.find(passage, (passage.found?.position ?? 0) + 1);
    if (next === undefined) return chain(this.miss(ctx), content);
    ctx.enter(next);
    return this.run(passage, next);
  }
}
