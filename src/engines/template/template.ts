/** The contract of a template engine: text with gaps, filled with tokens. */
import type { Awaitable } from "../../awaitable.ts";

/** The values that a template may use, by name. */
export type Tokens = Record<string, unknown>;

/** What a template engine is made with. */
export interface TemplateOptions {
  /** The folder of the views, absolute. */
  readonly views: string;
  /** True when compiled templates may be kept: false in development, where files change. */
  readonly cache: boolean;
  /** Every setting in force, for the engine's own keys. */
  readonly setting: (name: string) => unknown;
}

/** Renders files below the views folder. */
export interface TemplateEngine {
  /** The file name ending that is added to a view name without one, such as `.tt`. */
  readonly extension: string;
  /**
   * Fills the file with the tokens; values are escaped for HTML unless the template says otherwise.
   *
   * @param file an absolute path that exists
   */
  render(file: string, tokens: Tokens): Awaitable<string>;
}

/** How one view is rendered. */
export interface TemplateCallOptions {
  /** The layout for this page: another name, or `null` for none. */
  readonly layout?: string | null;
}

/** What a page is made of: a view's name, or markup of one's own, and what fills it. */
export type Page = [source: string, tokens?: Tokens, options?: TemplateCallOptions];
