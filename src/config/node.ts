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

/** One value of the configuration. */
export interface ConfigNode {
  /** Where its key was set. */
  readonly origin: Origin;
  /** Where the value itself stands, which is what complaints about it name. */
  readonly at: Origin;
  readonly shape: "map" | "list" | "leaf";
  /** What a leaf holds. */
  readonly value?: unknown;
  /** True when a leaf comes from where everything is text, so that "3000" may stand for 3000. */
  readonly text?: boolean;
  /** The parts of a map or list, by key or index; a leaf made from a list keeps them for their origins. */
  readonly children?: ReadonlyMap<string, ConfigNode>;
  /** Why a leaf has no value; it matters only if no higher layer replaces it. */
  readonly problem?: Problem;
}

/** The nodes of a layer by setting. */
export type Nodes = ReadonlyMap<string, ConfigNode>;

/**
 * The tree of a plain value, all of one origin. Objects of a class stay whole.
 *
 * @throws RangeError for a key `__proto__` and for values nested without end.
 */
export function createNode(value: unknown, origin: Origin, text = false, depth = 0): ConfigNode {
  if (depth > 100) throw new RangeError("is nested too deeply");
  const base = { origin, at: origin };
  if (!Array.isArray(value) && !isMap(value)) return { ...base, shape: "leaf", value, text };
  const children = new Map<string, ConfigNode>();
  for (const [key, item] of Object.entries(value)) {
    if (key === "__proto__") throw new RangeError('has a key "__proto__", which is not allowed');
    children.set(key, createNode(item, origin, text, depth + 1));
  }
  return { ...base, shape: Array.isArray(value) ? "list" : "map", children };
}

/** The higher nodes over the lower ones: maps merge deeply, everything else replaces. */
export function mergeNodes(lower: Nodes, higher: Nodes): Nodes {
  const merged = new Map(lower);
  for (const [key, node] of higher) {
    const below = merged.get(key);
    const both = below?.shape === "map" && node.shape === "map";
    merged.set(key, both ? { ...node, children: mergeNodes(parts(below), parts(node)) } : node);
  }
  return merged;
}

/** The plain value of a tree, in fresh objects. */
export function toPlain(node: ConfigNode): unknown {
  if (node.shape === "leaf") return node.value;
  return node.shape === "list" ? [...parts(node).values()].map(toPlain) : toPlainMap(parts(node));
}

/** The plain values of nodes by key. */
export function toPlainMap(nodes: Nodes): Record<string, unknown> {
  return Object.fromEntries(Array.from(nodes, ([key, node]) => [key, toPlain(node)]));
}

/** The node that a dotted path leads to; keys may hold dots themselves. */
export function findNode(nodes: Nodes, path: string): ConfigNode | undefined {
  const exact = nodes.get(path);
  if (exact !== undefined) return exact;
  for (let dot = path.indexOf("."); dot !== -1; dot = path.indexOf(".", dot + 1)) {
    const child = nodes.get(path.slice(0, dot));
    const found = child && findNode(parts(child), path.slice(dot + 1));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The problems that a tree carries. */
export function findProblems(node: ConfigNode): Problem[] {
  if (node.problem !== undefined) return [node.problem];
  return [...parts(node).values()].flatMap(findProblems);
}

function parts(node: ConfigNode): Nodes {
  return node.children ?? new Map<string, ConfigNode>();
}
