/** The template engine `simple`: Dancer's `<% user.name %>`, with values escaped for HTML. */
import { readFileSync, statSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { isPromise } from "../../awaitable.ts";
import { EngineError } from "../../errors.ts";
import { RawHtml, toHtml, toText } from "../../views/html.ts";
import { parseTemplate, type Part, type Path, type Tags } from "./simple-syntax.ts";
import type { TemplateEngine, TemplateOptions, Tokens } from "./template.ts";

interface Compiled {
  readonly parts: readonly Part[];
  readonly modified: number;
  readonly size: number;
}

/**
 * Makes the engine `simple`.
 *
 * `<% name %>`, `<% user.address.city %>` and `<% list.0 %>` insert values, lists joined by spaces;
 * functions and methods that take no arguments are called, and one that throws gives nothing.
 * A member `pathInfo` is found as `path_info` too.
 * `<% if x %>…<% else %>…<% end %>` and `<% unless x %>…<% end %>` may be nested; as in Dancer,
 * `""`, `0`, `"0"`, `false`, what is missing and empty lists are false. `<%# a comment %>` is
 * dropped. Values are escaped unless they are `RawHtml` or the template says `<% raw name %>`.
 *
 * The setting `engines: { simple: { start_tag: "[%", stop_tag: "%]" } }` changes the tags.
 */
export function createSimpleTemplate(options: TemplateOptions): TemplateEngine {
  return new SimpleTemplate(options);
}

class SimpleTemplate implements TemplateEngine {
  readonly extension = ".tt";
  readonly #options: TemplateOptions;
  readonly #tags: Tags;
  readonly #compiled = new Map<string, Compiled>();

  constructor(options: TemplateOptions) {
    this.#options = options;
    this.#tags = toTags(options.setting("engines"));
  }

  render(file: string, tokens: Tokens): string {
    try {
      return fill(this.#load(file).parts, tokens);
    } catch (error) {
      if (error instanceof PromiseShown) {
        throw new EngineError("template-failed", `${this.#shown(file)}:${error.message}`);
      }
      throw error;
    }
  }

  #load(file: string): Compiled {
    const kept = this.#compiled.get(file);
    if (kept !== undefined && this.#options.cache) return kept;
    const { mtimeMs: modified, size } = statSync(file);
    if (kept?.modified === modified && kept.size === size) return kept;
    const text = readFileSync(file, "utf8").replace(/^\uFEFF/, "");
    const parts = parseTemplate(text, this.#shown(file), this.#tags);
    const compiled = { parts, modified, size };
    this.#compiled.set(file, compiled);
    return compiled;
  }

  #shown(file: string): string {
    const { views } = this.#options;
    return join(basename(views), relative(views, file)).replaceAll("\\", "/");
  }
}

class PromiseShown extends Error {}

function fill(parts: readonly Part[], tokens: Tokens): string {
  let filled = "";
  for (const part of parts) {
    if (typeof part === "string") {
      filled += part;
      continue;
    }
    const value = find(part.path, tokens);
    if (isPromise(value)) {
      throw new PromiseShown(
        `${part.line}: "${part.path.join(".")}" is a promise; await it before the template`,
      );
    }
    if (part.kind === "value") filled += part.raw ? toText(value) : toHtml(value);
    else filled += fill(isTrue(value) === part.wanted ? part.yes : part.no, tokens);
  }
  return filled;
}

function find(path: Path, tokens: Tokens): unknown {
  let value: unknown = tokens;
  try {
    for (const name of path) value = member(value, name);
  } catch {
    // As in Dancer: what dies on the way to a value leaves nothing in the page.
    return undefined;
  }
  return value;
}

const hidden = new Set(["__proto__", "constructor", "prototype"]);

// What these prototypes offer is the language's, not the app's.
const closed = new Set<unknown>(
  [
    Object,
    Function,
    Array,
    Map,
    Set,
    Promise,
    String,
    Number,
    Object.getPrototypeOf(Int8Array),
  ].map((constructor) => (constructor as { prototype: unknown }).prototype),
);

function member(owner: unknown, name: string): unknown {
  if (hidden.has(name) || owner === undefined || owner === null) return undefined;
  if (typeof owner === "function") return undefined;
  if (owner instanceof Map) return called(owner.get(name), owner);
  if (Object.hasOwn(owner, name)) return called((owner as Tokens)[name], owner);
  if (typeof owner !== "object") return undefined;
  for (
    let prototype: unknown = Object.getPrototypeOf(owner);
    prototype !== null && !closed.has(prototype);
    prototype = Object.getPrototypeOf(prototype)
  ) {
    const found = Object.getOwnPropertyDescriptor(prototype, name);
    if (found === undefined) continue;
    if (found.get !== undefined) return called(found.get.call(owner), owner);
    const method: unknown = found.value;
    return typeof method === "function" && method.length === 0 ? called(method, owner) : undefined;
  }
  // Views that come from Dancer say `request.path_info`.
  const inCamelCase = toCamelCase(name);
  return inCamelCase === name ? undefined : member(owner, inCamelCase);
}

function toCamelCase(name: string): string {
  return name.replace(/(?<=[a-z0-9])_([a-z])/g, (_all, letter: string) => letter.toUpperCase());
}

function called(value: unknown, owner: unknown): unknown {
  return typeof value === "function" ? (Reflect.apply(value, owner, []) as unknown) : value;
}

function isTrue(value: unknown): boolean {
  if (typeof value === "object" && value !== null && !isTextual(value)) return true;
  const text = toText(value);
  return Boolean(value) && text !== "" && text !== "0";
}

function isTextual(value: object): boolean {
  return Array.isArray(value) || value instanceof RawHtml;
}

function toTags(engines: unknown): Tags {
  const own = (engines as { simple?: { start_tag?: unknown; stop_tag?: unknown } } | undefined)
    ?.simple;
  return { start: tag(own?.start_tag, "<%"), stop: tag(own?.stop_tag, "%>") };
}

function tag(value: unknown, fallback: string): string {
  return typeof value === "string" && value !== "" ? value : fallback;
}
