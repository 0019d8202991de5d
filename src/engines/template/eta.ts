/** The template engine `eta`: templates with JavaScript inside, by the library eta. */
import { basename, join, relative } from "node:path";
import { Script } from "node:vm";
import type { Eta, TemplateFunction } from "eta";
import { isPromise } from "../../awaitable.ts";
import { EngineError, QuickstepError } from "../../errors.ts";
import { toHtml } from "../../views/html.ts";
import type { TemplateEngine, TemplateOptions, Tokens } from "./template.ts";

/**
 * Makes the engine `eta`, loading its library.
 *
 * Tokens are members of `it`: `<%= it.user.name %>` is escaped unless it is `RawHtml`, and nothing
 * is shown for what is missing, and lists are joined by spaces; `<%~ … %>` inserts as it is. `include("header")` and
 * `layout("base")` find files relative to the template, within the views folder only.
 */
export async function createEtaTemplate(options: TemplateOptions): Promise<TemplateEngine> {
  const { Eta } = await import("eta");
  const eta = new Eta({
    views: options.views,
    cache: options.cache,
    autoEscape: true,
    escapeFunction: escape,
    // Keeps the line of each tag, which the messages below need.
    debug: true,
  });
  explainErrors(eta, options.views);
  const compiled = new Map<string, TemplateFunction>();
  const compile = (file: string): TemplateFunction => {
    const template = eta.compile(eta.readFile(file), { filepath: file });
    if (options.cache) compiled.set(file, template);
    return template;
  };
  return {
    extension: ".eta",
    render: (filepath: string, tokens: Tokens): string =>
      (compiled.get(filepath) ?? compile(filepath)).call(eta, tokens, { filepath }),
  };
}

function escape(value: unknown): string {
  if (isPromise(value)) {
    throw new TypeError("a promise cannot be shown; await it before the template");
  }
  return toHtml(value);
}

function explainErrors(eta: Eta, views: string): void {
  const shown = (file: string | undefined): string =>
    join(basename(views), relative(views, file ?? views)).replaceAll("\\", "/");

  eta.RuntimeErr = (error: unknown, _text, line, file): never => {
    // Ours are told already; what is no Error may be a way out of the handler, such as halt.
    if (!(error instanceof Error) || error instanceof QuickstepError) throw error;
    throw new EngineError("template-failed", `${shown(file)}:${line}: ${error.message}`, {
      cause: error,
    });
  };

  const compile = eta.compile.bind(eta);
  eta.compile = (text, compileOptions) => {
    try {
      return compile(text, compileOptions);
    } catch (error) {
      const { line, reason } = explain(eta, text, error);
      // Without eta's own error as the cause: its message holds the whole template, compiled.
      const file = shown(compileOptions?.filepath);
      throw new EngineError("template-invalid", `${file}:${line}: ${reason}`);
    }
  };
}

function explain(eta: Eta, text: string, cause: unknown): { line: number; reason: string } {
  const message = cause instanceof Error ? cause.message : String(cause);
  const told = /^(.*) at line (\d+) col \d+:/.exec(message);
  if (told !== null) return { line: Number(told[2]), reason: told[1] ?? "" };
  return locate(eta.compileToString(text));
}

/** Finds what is wrong with a compiled template, by the line marks that eta's debug mode leaves. */
function locate(code: string): { line: number; reason: string } {
  try {
    new Script(`(function (it, options) {${code}\n})`, { filename: "template" });
  } catch (error) {
    const { stack = "", message } = error as Error;
    const bad = Number(/^template:(\d+)/.exec(stack)?.[1] ?? 0);
    const before = code.split("\n").slice(0, bad);
    const marks = before.map((row) => /^__eta\.line=(\d+)$/.exec(row)?.[1]);
    const line = marks.findLast((mark) => mark !== undefined);
    return { line: Number(line ?? 1), reason: message };
  }
  return { line: 1, reason: "the template cannot be compiled" };
}
