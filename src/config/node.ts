/** Configuration values that know where they come from: trees of them, merged layer over layer. */
import { isMap } from "./setting-kinds.ts";

/** Where the layers of the configuration come from, lowest first; `found` is worked out at start. */
export type Layer =
  | "defaults"
  | "config"
  | "environment"
  | "local"
  | "environment-local"
  | "found"
  | "variables"
  | "command-line"
  | "code";

/** A place in a file; both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Where a value was set. */
export class Origin {
  readonly layer: Layer;
  /** `config.yml`, `QUICKSTEP_PORT`, `--port` or `set() in code`. */
  readonly source: string;
  /** The key's line and column, if it was set in a file. */
  readonly position: Position | undefined;

  constructor(layer: Layer, source: string, position?: Position) {
    this.layer = layer;
    this.source = source;
    this.position = position;
  }

  /** `config.yml:3:1`, or the source alone. */
  toString(): string {
    const { source, position } = this;
    return position === undefined ? source : `${source}:${position.line}:${position.column}`;
  }
}

/** Something wrong with the configuration, as one line. */
export interface Problem {
  readonly code: string;
  readonly message: string;
  /** True when the message says already what to do. */
  readonly advised?: boolean;
}

interface NodeBase {
  readonly origin: Origin;
  /** Where the value itself stands, which is what complaints about it name. */
  readonly at: Origin;
}

/** A map. */
export interface MapNode extends NodeBase {
  readonly shape: "map";
  readonly children: ReadonlyMap<string, ConfigNode>;
}

/** A list; the keys of its children are indexes. */
interface ListNode extends NodeBase {
  readonly shape: "list";
  readonly children: ReadonlyMap<string, ConfigNode>;
}

/** Anything else. */
export interface LeafNode extends NodeBase {
  readonly shape: "leaf";
  readonly value: unknown;
  /** True when the value comes from where everything is text, so that "3000" may stand for 3000. */
  readonly text: boolean;
  /** Why there is no value; it matters only if no higher layer replaces this one. */
  readonly problem?: Problem;
  /** The parts of a checked list, kept for their origins. */
  readonly children?: ReadonlyMap<string, ConfigNode>;
}

/** One value of the configuration. */
export type ConfigNode = MapNode | ListNode | LeafNode;

const deepest = 100;

/**
 * The tree of a plain value, all of one origin. Objects of a class stay whole.
 *
 * @throws RangeError for a key `__proto__` and for values nested without end.
 */
export function createNode(value: unknown, origin: Origin, text = false, depth = 0): ConfigNode {
  if (depth > deepest) throw new RangeError("is nested too deeply");
  const base = { origin, at: origin };
  if (!Array.isArray(value) && !isMap(value)) return { ...base, shape: "leaf", value, text };
  const children = new Map<string, ConfigNode>();
  for (const [key, item] of Object.entries(value)) {
    if (key === "__proto__") throw new RangeError('has a key "__proto__", which is not allowed');
    children.set(key, createNode(item, origin, text, depth + 1));
  }
  return { ...base, shape: Array.isArray(value) ? "list" : "map", children };
}

/** A map of top-level values. */
export function createRoot(
  children: ReadonlyMap<string, ConfigNode>,
  origin = new Origin("found", "the configuration"),
): MapNode {
  return { shape: "map", origin, at: origin, children };
}

/** The higher node over the lower one: maps merge deeply, everything else replaces. */
export function mergeNodes(lower: MapNode, higher: MapNode): MapNode {
  const children = new Map(lower.children);
  for (const [key, node] of higher.children) {
    const below = children.get(key);
    const both = below?.shape === "map" && node.shape === "map";
    children.set(key, both ? mergeNodes(below, node) : node);
  }
  return { ...higher, children };
}

/** The plain value of a tree, in fresh objects. */
export function toPlain(node: ConfigNode): unknown {
  if (node.shape === "leaf") return node.value;
  const children = [...node.children];
  if (node.shape === "list") return children.map(([, child]) => toPlain(child));
  return Object.fromEntries(children.map(([key, child]) => [key, toPlain(child)]));
}

/** The node that a dotted path leads to; keys may hold dots themselves. */
export function findNode(node: ConfigNode, path: string): ConfigNode | undefined {
  const exact = node.children?.get(path);
  if (exact !== undefined) return exact;
  for (let dot = path.indexOf("."); dot !== -1; dot = path.indexOf(".", dot + 1)) {
    const child = node.children?.get(path.slice(0, dot));
    const found = child && findNode(child, path.slice(dot + 1));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The problems of the values that are left when all layers are merged. */
export function findProblems(node: ConfigNode): Problem[] {
  if (node.shape === "leaf" && node.problem !== undefined) return [node.problem];
  return [...(node.children?.values() ?? [])].flatMap(findProblems);
}
