/** Renders a view within its layout, with the template hooks around both. */
import { chain, type Awaitable } from "../awaitable.ts";
import type { Context } from "../context.ts";
import type { TemplateCallOptions, Tokens } from "../engines/template/template.ts";
import { isText, type HookTable } from "../hooks.ts";
import { raw } from "./html.ts";
import type { Settings } from "../config/settings.ts";
import { Views, type ViewsOptions } from "./views.ts";

/** Makes the renderer of an app's pages. */
export function createPageRenderer(
  views: ViewsOptions,
  hooks: HookTable<Context>,
  warn: (message: string) => void,
): PageRenderer {
  return new PageRenderer(new Views(views), hooks, warn);
}

/** Renders pages for one app. */
export class PageRenderer {
  readonly #views: Views;
  readonly #hooks: HookTable<Context>;
  readonly #warn: (message: string) => void;

  constructor(views: Views, hooks: HookTable<Context>, warn: (message: string) => void) {
    this.#views = views;
    this.#hooks = hooks;
    this.#warn = warn;
  }

  /** Tells whether there is a view of this name; names that lead out of the folder have none. */
  hasView(name: string): boolean {
    return this.#views.hasView(name);
  }

  /**
   * The page as text: at once, unless the engine or a hook has to be waited for.
   *
   * @throws EngineError `template-not-found` or `template-invalid`.
   */
  render(
    ctx: Context,
    settings: Settings,
    view: string,
    given: Tokens,
    options: TemplateCallOptions,
  ): Awaitable<string> {
    const tokens = standardTokens(ctx, settings, given);
    return chain(this.#hooks.run("before_template_render", ctx, tokens), () =>
      chain(this.#views.render(view, tokens), (text) =>
        chain(this.#hooks.filter("after_template_render", ctx, text, isText), (content) =>
          this.#within(ctx, settings, content, tokens, options),
        ),
      ),
    );
  }

  /** Markup within its layout, without a view. @throws EngineError `template-invalid`. */
  renderWithLayout(
    ctx: Context,
    settings: Settings,
    content: string,
    given: Tokens,
    options: TemplateCallOptions,
  ): Awaitable<string> {
    return this.#within(ctx, settings, content, standardTokens(ctx, settings, given), options);
  }

  #within(
    ctx: Context,
    settings: Settings,
    content: string,
    tokens: Tokens,
    options: TemplateCallOptions,
  ): Awaitable<string> {
    const layout = this.#layout(options.layout === undefined ? settings.layout : options.layout);
    if (layout === undefined) return content;
    tokens["content"] = raw(content);
    return chain(this.#hooks.run("before_layout_render", ctx, tokens), () =>
      chain(this.#views.renderLayout(layout, tokens), (text) =>
        this.#hooks.filter("after_layout_render", ctx, text, isText),
      ),
    );
  }

  /** As in Dancer, a layout that is not there means a page without one. */
  #layout(name: string | null): string | undefined {
    if (name === null || name === "") return undefined;
    if (this.#views.hasLayout(name)) return name;
    const hint = this.#views.suggestLayout(name);
    this.#warn(`the layout "${name}" was not found; the page was rendered without one${hint}`);
    return undefined;
  }
}

const CONTEXT = Symbol("context");

/** What getters of tokens know: where the tokens come from. */
interface Origin {
  readonly [CONTEXT]: Context;
}

// Getters that all tokens share: with some of its own an object is slow to make and to read.
const PARAMS: PropertyDescriptor & ThisType<Origin> = {
  enumerable: true,
  configurable: true,
  get() {
    return this[CONTEXT].request.params();
  },
};
const SESSION: PropertyDescriptor & ThisType<Origin> = {
  enumerable: true,
  configurable: true,
  get() {
    return this[CONTEXT].session().toJSON();
  },
};

/** The tokens that every view gets; reading `session` in a template is what counts as using it. */
function standardTokens(ctx: Context, settings: Settings, given: Tokens): Tokens {
  const { request, vars } = ctx;
  const tokens = { settings, request, vars, ...given, [CONTEXT]: ctx };
  if (!Object.hasOwn(given, "params")) Object.defineProperty(tokens, "params", PARAMS);
  if (!Object.hasOwn(given, "session")) Object.defineProperty(tokens, "session", SESSION);
  return tokens;
}
