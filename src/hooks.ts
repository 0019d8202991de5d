/** Hooks: functions that run at named moments of a request, in the order in which they were added. */
import { chain, isPromise, type Awaitable } from "./awaitable.ts";
import { RouteError } from "./errors.ts";
import { declared } from "./inspection.ts";
import { nearest } from "./nearest.ts";
import type { Tokens } from "./engines/template/template.ts";

/** The hooks and what each is given; `Ctx` is the request's context. */
export interface Hooks<Ctx> {
  /** Before the route; may redirect, halt or fill the response, and then no route runs. */
  before: (ctx: Ctx) => unknown;
  /** After the route, with the response in `ctx.response`. */
  after: (ctx: Ctx) => unknown;
  /** Before a view is rendered; may change the tokens. */
  before_template_render: (ctx: Ctx, tokens: Tokens) => unknown;
  /** After a view was rendered; a string that it returns replaces the text. */
  after_template_render: (ctx: Ctx, text: string) => unknown;
  /** Before the layout; `tokens.content` is the rendered view. */
  before_layout_render: (ctx: Ctx, tokens: Tokens) => unknown;
  /** After the layout; a string that it returns replaces the text. */
  after_layout_render: (ctx: Ctx, text: string) => unknown;
  /** When a route throws, before `on_handler_exception`; may note it, and cannot prevent the error. */
  on_route_exception: (ctx: Ctx, error: unknown) => unknown;
  /** When a route or a hook throws, before the error is answered. */
  on_handler_exception: (ctx: Ctx, error: unknown) => unknown;
  /** Before everything else, files included; `ctx.request.isForward` tells a request that starts over. */
  on_reset_state: (ctx: Ctx) => unknown;
}

/** The name of a hook, spelled as in Dancer; plugins add theirs by extending `Hooks`. */
export type HookName = keyof Hooks<unknown>;

type AnyHook = (...args: never) => unknown;

const NAMES = [
  "before",
  "after",
  "before_template_render",
  "after_template_render",
  "before_layout_render",
  "after_layout_render",
  "on_route_exception",
  "on_handler_exception",
  "on_reset_state",
] as const satisfies readonly HookName[];

/** The hooks of one app. */
export class HookTable<Ctx> {
  readonly #names: Set<string>;
  readonly #hooks = new Map<string, AnyHook[]>();
  #frozen = false;

  /** @param family a table with which names are shared */
  constructor(family?: HookTable<Ctx>) {
    this.#names = family === undefined ? new Set(NAMES) : family.#names;
  }

  /** Makes a name known under which a plugin runs hooks. */
  declare(name: string): void {
    this.#names.add(name);
  }

  /**
   * Adds a hook.
   *
   * @throws RouteError `hook-unknown` with the nearest name, `route-too-late` once the app serves.
   */
  add<N extends HookName>(name: N, hook: Hooks<Ctx>[N]): void {
    if (!this.#names.has(name)) {
      const names = [...this.#names];
      const guess = nearest(name, names);
      throw new RouteError(
        "hook-unknown",
        `unknown hook "${name}" (known: ${names.join(", ")})${guess === undefined ? "" : `; did you mean "${guess}"?`}`,
      );
    }
    if (this.#frozen) {
      throw new RouteError(
        "route-too-late",
        `the hook "${name}" was added while the app serves; add hooks before dance()`,
      );
    }
    if (declared.hasSubscribers) declared.publish(hook);
    const list = this.#hooks.get(name);
    if (list === undefined) this.#hooks.set(name, [hook]);
    else list.push(hook);
  }

  /** The hooks by name, each list in the order in which they run. */
  get all(): ReadonlyMap<string, readonly object[]> {
    return this.#hooks;
  }

  /** Takes over the hooks of another table, after its own. */
  addAll(other: HookTable<Ctx>): void {
    for (const [name, hooks] of other.#hooks) {
      this.#hooks.set(name, [...(this.#hooks.get(name) ?? []), ...hooks]);
    }
  }

  /** From now on hooks may not be added. */
  freeze(): void {
    this.#frozen = true;
  }

  /** Tells whether anybody listens. */
  has(name: HookName): boolean {
    return this.#hooks.has(name);
  }

  /** Runs the hooks of this name one after the other; a promise only if one of them gave one. */
  run<N extends HookName>(name: N, ...args: Parameters<Hooks<Ctx>[N]>): Awaitable<void> {
    const hooks = this.#hooks.get(name);
    return hooks === undefined ? undefined : runFrom(hooks, 0, args);
  }

  /** Hands the text from hook to hook; each may replace it. */
  filter(
    name: "after_template_render" | "after_layout_render",
    ctx: Ctx,
    text: string,
  ): Awaitable<string> {
    const hooks = this.#hooks.get(name) ?? [];
    return hooks.reduce<Awaitable<string>>(
      (before, hook) =>
        chain(before, (given) =>
          chain(hook(...([ctx, given] as never)), (after) =>
            typeof after === "string" ? after : given,
          ),
        ),
      text,
    );
  }
}

function runFrom(
  hooks: readonly AnyHook[],
  from: number,
  args: readonly unknown[],
): Awaitable<void> {
  for (let at = from; at < hooks.length; at++) {
    const result = hooks[at]?.(...(args as never));
    if (isPromise(result)) {
      return Promise.resolve(result).then(() => runFrom(hooks, at + 1, args));
    }
  }
  return undefined;
}
