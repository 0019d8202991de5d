/** Finds the files of views and layouts by name, and never outside their folder. */
import { readdirSync, statSync } from "node:fs";
import { basename, extname, join } from "node:path";
import type { Awaitable } from "../awaitable.ts";
import type { TemplateEngine, Tokens } from "../engines/template/template.ts";
import { EngineError } from "../errors.ts";
import { raw, toText } from "./html.ts";
import { suggest } from "../nearest.ts";

/** What views are made with. */
export interface ViewsOptions {
  /** The folder of the views, absolute. */
  readonly views: string;
  /** The name of the layouts' folder below it, such as `layouts`. */
  readonly layouts: string;
  readonly engine: TemplateEngine;
  /** True when files do not come and go: what was found once is not looked for again. */
  readonly cache: boolean;
}

type Kind = "view" | "layout";

/** An app's views and layouts, by name. */
export class Views {
  readonly #options: ViewsOptions;
  /** The files that were found, by name. */
  readonly #found = { view: new Map<string, string>(), layout: new Map<string, string>() };

  constructor(options: ViewsOptions) {
    this.#options = options;
  }

  /** Tells whether there is a view of this name; names that lead out of the folder have none. */
  hasView(name: string): boolean {
    return this.#find("view", name) !== undefined;
  }

  /** Tells whether there is a layout of this name. */
  hasLayout(name: string): boolean {
    return this.#find("layout", name) !== undefined;
  }

  /** For a layout that is not there: the nearest one, as the end of a message. */
  suggestLayout(name: string): string {
    return suggest(name, this.#names("layout"));
  }

  /**
   * Renders a view. The engine's extension is added to a name without one: `user/show`,
   * `feed.xml` and `index.tt` are names.
   *
   * @throws EngineError `template-not-found`, or `template-name-invalid` for a name that leads
   * out of the folder.
   */
  render(name: string, tokens: Tokens): Awaitable<string> {
    return this.#options.engine.render(this.#file("view", name), tokens);
  }

  /**
   * Renders a layout around the token `content`, which is inserted as it is, whoever has set it.
   *
   * @throws EngineError as `render` does.
   */
  renderLayout(name: string, tokens: Tokens): Awaitable<string> {
    const file = this.#file("layout", name);
    tokens["content"] = raw(toText(tokens["content"]));
    return this.#options.engine.render(file, tokens);
  }

  #file(kind: Kind, name: string): string {
    const file = this.#find(kind, name);
    if (file !== undefined) return file;
    if (!isInside(name)) {
      throw new EngineError(
        "template-name-invalid",
        `"${name}" is no name for a ${kind}: write a path below the views folder, with "/" and without ".."`,
      );
    }
    const shown = [basename(this.#options.views), this.#folder(kind), this.#candidates(name)[0]];
    throw new EngineError(
      "template-not-found",
      `${kind} not found: no file ${shown.filter(Boolean).join("/")}` +
        suggest(name, this.#names(kind)),
    );
  }

  #find(kind: Kind, given: string): string | undefined {
    // As in Dancer, "/show" is the view "show".
    const name = given.startsWith("/") ? given.replace(/^\/+/, "") : given;
    const found = this.#found[kind].get(name);
    if (found !== undefined) return found;
    if (!isInside(name)) return undefined;
    const file = this.#candidates(name)
      .map((candidate) => join(this.#options.views, this.#folder(kind), candidate))
      .find(isFile);
    // Only what exists is remembered: names may come from visitors and are without number.
    if (file !== undefined && this.#options.cache) this.#found[kind].set(name, file);
    return file;
  }

  /** Where files of this kind are, below the views. */
  #folder(kind: Kind): string {
    return kind === "view" ? "" : this.#options.layouts;
  }

  #candidates(name: string): string[] {
    const extended = name + this.#options.engine.extension;
    if (extname(name) === this.#options.engine.extension) return [name];
    return extname(name) === "" ? [extended] : [name, extended];
  }

  #names(kind: Kind): string[] {
    const { views, layouts, engine } = this.#options;
    const folder = this.#folder(kind);
    let files: string[];
    try {
      files = readdirSync(join(views, folder), { recursive: true, encoding: "utf8" });
    } catch {
      return [];
    }
    return files
      .map((file) => file.replaceAll("\\", "/"))
      .filter((file) => file.endsWith(engine.extension) && isFile(join(views, folder, file)))
      .filter((file) => kind === "layout" || !file.startsWith(`${layouts}/`))
      .map((file) => file.slice(0, -engine.extension.length));
  }
}

function isInside(name: string): boolean {
  if (name.includes("\0") || name.includes("\\") || /^[a-z]:/i.test(name)) return false;
  return name.split("/").every((part) => part !== "" && part !== "." && part !== "..");
}

function isFile(file: string): boolean {
  try {
    return statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
  } catch {
    return false;
  }
}
