/** Hooks: functions that run at named moments of a request, in the order in which they were added. */
import { chain, isPromise, type Awaitable } from "./awaitable.ts";
import { RouteError } from "./errors.ts";
import { declared } from "./inspection.ts";
import { suggest } from "./nearest.ts";
import type { Tokens } from "./engines/template/template.ts";

/** What the error hooks are given; what they write into it is what the page is made from. */
export interface ErrorReport {
  /** The status of the answer. */
  readonly status: number;
  /** The page's title, such as `Error 500`. */
  title: string;
  /** Shown where errors are shown. */
  message: string;
  /** What was thrown; missing after `sendError`. */
  readonly thrown?: unknown;
}

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
  /** Before the body may be read as data. */
  before_deserializer: (ctx: Ctx) => unknown;
  /** After the serializer has read the body, which is now in `ctx.request.data`. */
  after_deserializer: (ctx: Ctx) => unknown;
  /** Before data is written; may change it, or return other data. With a serializer text comes by too. */
  before_serializer: (ctx: Ctx, data: unknown) => unknown;
  /** After data was written or text let through; a string that it returns replaces the text. */
  after_serializer: (ctx: Ctx, text: string) => unknown;
  /** Before a file of `public` or of `sendFile` is sent; `path` is its absolute path. */
  before_file_render: (ctx: Ctx, path: string) => unknown;
  /** After a file was put into `ctx.response`. */
  after_file_render: (ctx: Ctx, path: string) => unknown;
  /** Before an error becomes an answer. */
  before_error_init: (ctx: Ctx, error: ErrorReport) => unknown;
  /** Before the error's page or data is made. */
  before_error_render: (ctx: Ctx, error: ErrorReport) => unknown;
  /** After the error's page or data was put into `ctx.response`. */
  after_error_render: (ctx: Ctx, error: ErrorReport) => unknown;
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

const NAMES: readonly string[] = (
  "before after before_deserializer after_deserializer before_serializer after_serializer " +
  "before_template_render after_template_render before_layout_render after_layout_render " +
  "before_file_render after_file_render before_error_init before_error_render " +
  "after_error_render on_route_exception on_handler_exception on_reset_state"
).split(" ");

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
      const hint = suggest(name, names) || ` (known: ${names.join(", ")})`;
      throw new RouteError("hook-unknown", `unknown hook "${name}"${hint}`);
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

  /** Hands a value from hook to hook; what one returns replaces it if `fits` says so. */
  filter<T>(
    name: HookName,
    ctx: Ctx,
    value: T,
    fits: (after: unknown) => after is T,
  ): Awaitable<T> {
    let result: Awaitable<T> = value;
    for (const hook of this.#hooks.get(name) ?? []) {
      result = chain(result, (before) =>
        chain(hook(...([ctx, before] as never)), (after) => (fits(after) ? after : before)),
      );
    }
    return result;
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

/** For `filter`: text gives way to text. */
export function isText(value: unknown): value is string {
  return typeof value === "string";
}
