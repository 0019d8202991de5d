/** Puts variables into configuration values: `${NAME}`, `${NAME:-default}`, `${NAME:?message}`. */
import type { ConfigNode, LeafNode, MapNode } from "./node.ts";

/** Variables by name. */
export type Variables = Readonly<Record<string, string | undefined>>;

const reference = /\$\$\{|\$\{(?:([A-Za-z_]\w*)(?::([-?])([^}]*))?\})?/g;

/**
 * The tree with every variable replaced, in values, not in keys.
 *
 * What a variable holds is text: it is not looked through for further variables and is never read
 * as YAML. An empty variable counts as missing for `:-` and `:?`, as in a shell. `$${` stands for a
 * literal `${`. A value that cannot be had carries a problem instead.
 */
export function substituteVariables(node: MapNode, variables: Variables): MapNode {
  return { ...node, children: substituteAll(node.children, variables) };
}

function substituteAll(
  children: ReadonlyMap<string, ConfigNode>,
  variables: Variables,
): ReadonlyMap<string, ConfigNode> {
  return new Map(
    [...children].map(([key, child]) => [
      key,
      child.shape === "leaf"
        ? substituteLeaf(child, variables)
        : { ...child, children: substituteAll(child.children, variables) },
    ]),
  );
}

function substituteLeaf(leaf: LeafNode, variables: Variables): LeafNode {
  const { value } = leaf;
  if (typeof value !== "string" || !value.includes("${")) return leaf;
  let problem: LeafNode["problem"];
  const replace = (whole: string, name?: string, sign?: string, rest = ""): string => {
    if (whole === "$${") return "${";
    if (name === undefined) {
      problem ??= complaint(leaf, "config-invalid", malformed);
      return "";
    }
    const found = Object.hasOwn(variables, name) ? variables[name] : undefined;
    if (found !== undefined && (found !== "" || sign === undefined)) return found;
    if (sign === "-") return rest;
    const advised = sign === "?" && rest !== "";
    const advice = advised ? rest : "set it, or write ${NAME:-default}";
    const why = `the variable ${name} is ${found === undefined ? "not set" : "empty"}: ${advice}`;
    problem ??= { ...complaint(leaf, "config-variable-missing", why), advised };
    return "";
  };
  const text = value.replace(reference, replace);
  return { ...leaf, value: text, text: true, ...(problem && { problem }) };
}

const malformed =
  '"${" begins a variable: write ${NAME}, ${NAME:-default} or ${NAME:?message}, or $${ for the characters themselves';

function complaint(leaf: LeafNode, code: string, why: string): NonNullable<LeafNode["problem"]> {
  return { code, message: `${leaf.at.toString()}: ${why}` };
}
