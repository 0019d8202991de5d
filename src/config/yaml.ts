/** Reads YAML as plain data, with the line and column of every key and value. */
import {
  EVENT_ID,
  NOT_RESOLVED,
  SCALAR_STYLE,
  YAMLException,
  boolCoreTag,
  floatCoreTag,
  getScalarValue,
  intCoreTag,
  nullCoreTag,
  parseEvents,
  type Event,
  type ScalarEvent,
} from "js-yaml";
import { ConfigError } from "../errors.ts";
import { Origin, type ConfigNode, type Layer, type Nodes } from "./node.ts";

const maxDepth = 32;
/** How many values a file may stand for once its aliases are written out. */
const maxValues = 10_000;
/** The parser says where it was lost, which is often behind the mistake. */
const usualMistakes =
  'look there and just above for an open bracket or quote, a tab, ":" without a space after it, and a value that needs quotes';
/** What plain text may mean besides itself: YAML's core schema, so `yes` and `off` are text. */
const meanings = [nullCoreTag, boolCoreTag, intCoreTag, floatCoreTag];

/**
 * The values of a YAML file whose top level is a map; an empty file is an empty map.
 *
 * @throws ConfigError `config-syntax` with line and column. It never quotes the file, which may
 * hold secrets.
 */
export function parseYaml(text: string, layer: Layer, file: string): Nodes {
  const source = text.replace(/^\uFEFF/, "");
  const ends = source.matchAll(/\r\n|\n|\r/g);
  const starts = [0, ...Array.from(ends, (end) => end.index + end[0].length)];
  const origin = (offset: number): Origin => {
    const after = starts.findIndex((start) => start > offset);
    const line = after === -1 ? starts.length : after;
    return new Origin(layer, file, { line, column: offset - (starts[line - 1] ?? 0) + 1 });
  };
  try {
    return new Reader(source, parseEvents(source, { maxDepth }), origin).readDocument();
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    // Neither the snippet nor names in the reason are shown: an unquoted secret may begin with * or !.
    const reason = error.reason.replace(/ (?:"[^"]*"|!<[^>]*>)|: .*$/g, "");
    throw syntaxError(origin(error.mark?.position ?? 0), `${reason}; ${usualMistakes}`);
  }
}

class Reader {
  readonly #source: string;
  readonly #events: readonly Event[];
  readonly #origin: (offset: number) => Origin;
  readonly #anchors = new Map<string, { readonly node: ConfigNode; readonly size: number }>();
  #next = 0;
  #values = 0;

  constructor(source: string, events: readonly Event[], origin: (offset: number) => Origin) {
    this.#source = source;
    this.#events = events;
    this.#origin = origin;
  }

  readDocument(): Nodes {
    if (this.#events.length === 0) return new Map();
    const start = this.#origin(0);
    this.#next = 1;
    const root = this.#read(start);
    if (this.#next + 1 < this.#events.length) {
      this.#next += 2;
      const second = this.#next < this.#events.length ? this.#read(start).at : start;
      throw syntaxError(
        second,
        "a second document begins here; a configuration file is one document",
      );
    }
    if (root.shape === "map" && root.children !== undefined) return root.children;
    if (root.shape === "leaf" && root.value === null) return new Map();
    throw syntaxError(root.at, 'the top level must be a map of settings, such as "port: 3000"');
  }

  /** Reads the value that the next events describe; `key` is where its key stands, if it has one. */
  #read(key?: Origin): ConfigNode {
    const event = this.#events[this.#next];
    if (event === undefined) throw new RangeError("the parser's events end too early");
    this.#next += 1;
    const offset = this.#offset(event);
    const at = offset === -1 ? (key ?? this.#origin(0)) : this.#origin(offset);
    const base = { origin: key ?? at, at };
    this.#count(1, at);
    const name = "anchorStart" in event && this.#source.slice(event.anchorStart, event.anchorEnd);
    if (event.type === EVENT_ID.ALIAS) {
      const anchor = this.#anchors.get(String(name));
      if (anchor === undefined) throw syntaxError(at, "an alias must follow what it names");
      this.#count(anchor.size, at);
      return { ...anchor.node, ...base };
    }
    if ("tagStart" in event && event.tagStart !== -1) {
      throw syntaxError(at, "tags are not allowed; settings are plain data");
    }
    const before = this.#values;
    const node: ConfigNode = { ...base, ...this.#content(event) };
    if (name !== false && name !== "") {
      this.#anchors.set(name, { node, size: this.#values - before });
    }
    return node;
  }

  #content(event: Event): Pick<ConfigNode, "shape" | "value" | "children"> {
    if (event.type === EVENT_ID.SCALAR) return { shape: "leaf", value: this.#scalar(event) };
    const children = new Map<string, ConfigNode>();
    const isMap = event.type === EVENT_ID.MAPPING;
    while (this.#events[this.#next]?.type !== EVENT_ID.POP) {
      if (isMap) this.#readPair(children);
      else children.set(String(children.size), this.#read());
    }
    this.#next += 1;
    return { shape: isMap ? "map" : "list", children };
  }

  #readPair(children: Map<string, ConfigNode>): void {
    const key = this.#read();
    if (key.shape !== "leaf") throw syntaxError(key.at, "a key must be plain text");
    const name = String(key.value);
    if (name === "__proto__") throw syntaxError(key.at, 'the key "__proto__" is not allowed');
    const earlier = children.get(name)?.origin.position;
    if (earlier !== undefined) {
      throw syntaxError(key.at, `the key "${name}" was given before, on line ${earlier.line}`);
    }
    children.set(name, this.#read(key.at));
  }

  #scalar(event: ScalarEvent): unknown {
    const text = event.valueStart === -1 ? "" : getScalarValue(this.#source, event);
    if (event.style !== SCALAR_STYLE.PLAIN) return text;
    const values = meanings.map((tag) => tag.resolve(text, false, tag.tagName));
    const meant = values.find((value) => value !== NOT_RESOLVED);
    return meant === undefined ? text : meant;
  }

  #count(values: number, at: Origin): void {
    this.#values += values;
    if (this.#values <= maxValues) return;
    throw syntaxError(at, `the file stands for more than ${maxValues} values; use fewer aliases`);
  }

  /** Where a value begins, or -1 if nothing is written there. */
  #offset(event: Event): number {
    if (event.type === EVENT_ID.ALIAS) return event.anchorStart - 1;
    if (event.type === EVENT_ID.MAPPING || event.type === EVENT_ID.SEQUENCE) return event.start;
    if (event.type !== EVENT_ID.SCALAR || event.valueStart === -1) return -1;
    const isQuoted =
      event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED;
    if (isQuoted) return event.valueStart - 1;
    return event.valueStart + this.#source.slice(event.valueStart, event.valueEnd).search(/\S|$/);
  }
}

function syntaxError(at: Origin, reason: string): ConfigError {
  return new ConfigError("config-syntax", `${at.toString()}: ${reason}`);
}
