/** Reads YAML as plain data, with the line and column of every key and value. */
import {
  CORE_SCHEMA,
  EVENT_ID,
  YAMLException,
  constructFromEvents,
  defineMappingTag,
  parseEvents,
  type Event,
} from "js-yaml";
import { ConfigError } from "../errors.ts";
import { Origin, createRoot, type ConfigNode, type Layer, type MapNode } from "./node.ts";

const maxAliases = 100;
const maxDepth = 32;
/** How many values a file may stand for once its aliases are written out. */
const maxValues = 10_000;

/** A map as pairs in the order of the file, so that values can be matched with the parser's events. */
class Pairs {
  readonly entries: (readonly [unknown, unknown])[] = [];
}

const schema = CORE_SCHEMA.withTags(
  defineMappingTag<Pairs>("tag:yaml.org,2002:map", {
    create: () => new Pairs(),
    addPair(pairs, key, value) {
      pairs.entries.push([key, value]);
      return "";
    },
    // Duplicate keys are found by the reader below, which can name them.
    has: () => false,
    keys: () => [],
    get: () => undefined,
    identify: () => false,
  }),
);

/**
 * The tree of a YAML file whose top level is a map; an empty file is an empty map.
 *
 * @throws ConfigError `config-syntax` with line and column. It never quotes the file, which may
 * hold secrets.
 */
export function parseYaml(text: string, layer: Layer, file: string): MapNode {
  const source = text.replace(/^\uFEFF/, "");
  const lines = new Lines(source);
  const origin = (offset: number): Origin => new Origin(layer, file, lines.position(offset));
  try {
    const events = parseEvents(source, { maxDepth });
    const [value] = constructFromEvents(events, { source, schema, maxAliases });
    return new Reader(source, events, origin).readDocument(value);
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    // Neither the snippet nor names in the reason are shown: an unquoted secret may begin with * or !.
    const reason = error.reason.replace(/ (?:"[^"]*"|!<[^>]*>)|: .*$/g, "");
    throw syntaxError(origin(error.mark?.position ?? 0), reason);
  }
}

class Lines {
  readonly #starts: readonly number[];

  constructor(source: string) {
    this.#starts = [
      0,
      ...Array.from(source.matchAll(/\r\n|\n|\r/g), (end) => end.index + end[0].length),
    ];
  }

  position(offset: number): { line: number; column: number } {
    const after = this.#starts.findIndex((start) => start > offset);
    const line = after === -1 ? this.#starts.length : after;
    return { line, column: offset - (this.#starts[line - 1] ?? 0) + 1 };
  }
}

/** An anchor's node; absent while the node is being read. */
interface Anchor {
  node?: ConfigNode;
  size: number;
}

class Reader {
  readonly #source: string;
  readonly #events: readonly Event[];
  readonly #origin: (offset: number) => Origin;
  readonly #anchors = new Map<string, Anchor>();
  #next = 0;
  #values = 0;

  constructor(source: string, events: readonly Event[], origin: (offset: number) => Origin) {
    this.#source = source;
    this.#events = events;
    this.#origin = origin;
  }

  readDocument(value: unknown): MapNode {
    const start = this.#origin(0);
    if (this.#events.length === 0) return createRoot(new Map(), start);
    this.#next = 1;
    const root = this.#read(value, start);
    const another = this.#events[this.#next + 1];
    if (another !== undefined) {
      const first = this.#events[this.#next + 2];
      throw syntaxError(
        first === undefined ? start : this.#at(first, start),
        "a second document begins here; a configuration file is one document",
      );
    }
    if (root.shape === "map") return root;
    if (root.shape === "leaf" && root.value === null) return createRoot(new Map(), start);
    throw syntaxError(root.at, 'the top level must be a map of settings, such as "port: 3000"');
  }

  /** Reads the value that the next events describe; `origin` is its key's, or else its own. */
  #read(value: unknown, key: Origin | undefined): ConfigNode {
    const event = this.#take();
    const at = this.#at(event, key);
    const origin = key ?? at;
    this.#count(1, at);
    if (event.type === EVENT_ID.ALIAS) return { ...this.#alias(event, at), origin, at };
    const anchor = this.#openAnchor(event);
    const before = this.#values;
    const node = this.#readContent(value, origin, at);
    if (anchor !== undefined) Object.assign(anchor, { node, size: this.#values - before });
    return node;
  }

  #readContent(value: unknown, origin: Origin, at: Origin): ConfigNode {
    if (value instanceof Pairs) {
      const children = new Map<string, ConfigNode>();
      for (const pair of value.entries) this.#readPair(pair, children);
      this.#next += 1;
      return { shape: "map", origin, at, children };
    }
    if (Array.isArray(value)) {
      const items = value.map((item: unknown) => this.#read(item, undefined));
      this.#next += 1;
      const children = new Map(items.map((item, index) => [String(index), item]));
      return { shape: "list", origin, at, children };
    }
    return { shape: "leaf", origin, at, value, text: false };
  }

  #readPair([key, value]: readonly [unknown, unknown], children: Map<string, ConfigNode>): void {
    const keyNode = this.#read(key, undefined);
    if (keyNode.shape !== "leaf") throw syntaxError(keyNode.at, "a key must be plain text");
    const name = String(keyNode.value);
    if (name === "__proto__") throw syntaxError(keyNode.at, 'the key "__proto__" is not allowed');
    const earlier = children.get(name);
    if (earlier !== undefined) {
      const line = earlier.origin.position?.line ?? 1;
      throw syntaxError(keyNode.at, `the key "${name}" was given before, on line ${line}`);
    }
    children.set(name, this.#read(value, keyNode.at));
  }

  #alias(event: Event & { type: typeof EVENT_ID.ALIAS }, at: Origin): ConfigNode {
    const anchor = this.#anchors.get(this.#source.slice(event.anchorStart, event.anchorEnd));
    if (anchor?.node === undefined) throw syntaxError(at, "an alias stands inside what it names");
    this.#count(anchor.size, at);
    return anchor.node;
  }

  #openAnchor(event: Event): Anchor | undefined {
    if (!("anchorStart" in event) || event.anchorStart === -1) return undefined;
    const anchor: Anchor = { size: 0 };
    this.#anchors.set(this.#source.slice(event.anchorStart, event.anchorEnd), anchor);
    return anchor;
  }

  #count(values: number, at: Origin): void {
    this.#values += values;
    if (this.#values <= maxValues) return;
    throw syntaxError(at, `the file stands for more than ${maxValues} values; use fewer aliases`);
  }

  #take(): Event {
    const event = this.#events[this.#next];
    if (event === undefined) throw new RangeError("the parser's events end too early");
    this.#next += 1;
    return event;
  }

  #at(event: Event, otherwise: Origin | undefined): Origin {
    const offset = this.#offset(event);
    return offset === -1 ? (otherwise ?? this.#origin(0)) : this.#origin(offset);
  }

  #offset(event: Event): number {
    if (event.type === EVENT_ID.ALIAS) return event.anchorStart - 1;
    if (event.type === EVENT_ID.MAPPING || event.type === EVENT_ID.SEQUENCE) return event.start;
    if (event.type !== EVENT_ID.SCALAR || event.valueStart === -1) return -1;
    const quoted = /["']/.test(this.#source[event.valueStart - 1] ?? "") && event.style !== 1;
    if (quoted) return event.valueStart - 1;
    const indent = /^\s*/.exec(this.#source.slice(event.valueStart, event.valueEnd));
    return event.valueStart + (indent?.[0].length ?? 0);
  }
}

function syntaxError(at: Origin, reason: string): ConfigError {
  return new ConfigError("config-syntax", `${at.toString()}: ${reason}`);
}
