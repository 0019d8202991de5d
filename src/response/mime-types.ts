/** Media types by file name ending and by short name. */
import { createRequire } from "node:module";
import { keepingLast } from "../last-answer.ts";

interface MimeTable {
  getType(name: string): string | null;
}

const require = createRequire(import.meta.url);
let table: MimeTable | undefined;

// The table that @fastify/send uses for files; loaded at the first question, because most apps
// that answer only pages never ask.
const known = keepingLast((extension) => {
  table ??= require("mime") as MimeTable;
  return table.getType(extension) ?? undefined;
});

/** The media types that an app knows: the usual ones and its own. */
export class MimeTypes {
  readonly #default: string;
  readonly #own = new Map<string, string>();

  /** `defaultType` is the answer where nothing better is known. */
  constructor(defaultType: string) {
    this.#default = defaultType;
  }

  /** Gives files that end in `.extension`, and the name `extension`, this media type. */
  addType(extension: string, type: string): void {
    this.#own.set(toKey(extension), type);
  }

  /** Makes `alias` mean what `extension` means now. */
  addAlias(alias: string, extension: string): void {
    this.#own.set(toKey(alias), this.forName(extension));
  }

  /** The media type that a short name such as `json` or `.PNG` stands for; a media type stays itself. */
  forName(name: string): string {
    return name.includes("/") ? name : this.#find(toKey(name));
  }

  /** The media type of a file, by the ending of its name. */
  forFile(path: string): string {
    const ending = /\.([^./\\]+)$/.exec(path)?.[1];
    return ending === undefined ? this.#default : this.#find(toKey(ending));
  }

  #find(key: string): string {
    return this.#own.get(key) ?? known(key) ?? this.#default;
  }
}

/** Tells whether a media type is text, so that a charset belongs after it. */
export function isText(type: string): boolean {
  const essence = (type.split(";", 1)[0] ?? "").trim().toLowerCase();
  return (
    essence.startsWith("text/") ||
    /^application\/(?:json|xml|javascript|ecmascript|yaml|x-yaml|graphql)$/.test(essence) ||
    /\+(?:json|xml|yaml)$/.test(essence)
  );
}

function toKey(extension: string): string {
  return (extension.startsWith(".") ? extension.slice(1) : extension).toLowerCase();
}
