/** Puts variables into configuration values: `${NAME}`, `${NAME:-default}`, `${NAME:?message}`. */
import type { ConfigNode, Nodes, Problem } from "./node.ts";
import type { Variables } from "./variables.ts";

const reference = /\$\$\{|\$\{(?:([A-Za-z_]\w*)(?::([-?])([^}]*))?\})?/g;
const malformed =
  '"${" begins a variable: write ${NAME}, ${NAME:-default} or ${NAME:?message}, or $${ for the characters themselves';

/**
 * The nodes with every variable replaced, in values, not in keys.
 *
 * What a variable holds is text: it is not looked through for further variables and is never read
 * as YAML. An empty variable counts as missing for `:-` and `:?`, as in a shell. `$${` stands for a
 * literal `${`. A value that cannot be had carries a problem instead.
 */
export function substituteVariables(nodes: Nodes, variables: Variables, setting?: string): Nodes {
  const replaced = Array.from(nodes, ([key, node]): [string, ConfigNode] => {
    const name = setting ?? key;
    if (node.children === undefined) return [key, substituteLeaf(node, variables, name)];
    return [key, { ...node, children: substituteVariables(node.children, variables, name) }];
  });
  return new Map(replaced);
}

function substituteLeaf(leaf: ConfigNode, variables: Variables, setting: string): ConfigNode {
  const { value, at } = leaf;
  if (typeof value !== "string" || !value.includes("${")) return leaf;
  let problem: Problem | undefined;
  const complain = (code: string, why: string, advised = false): string => {
    problem ??= { code, message: `${at.toString()}: ${why}`, advised };
    return "";
  };
  const replace = (whole: string, name?: string, sign?: string, rest = ""): string => {
    if (whole === "$${") return "${";
    if (name === undefined) return complain("config-invalid", malformed);
    const found = variables.find(name);
    if (found?.fault !== undefined) {
      return complain("config-secret-file", `"${setting}" is not set: ${found.fault}`);
    }
    if (found !== undefined && (found.value !== "" || sign === undefined)) return found.value;
    if (sign === "-") return rest;
    const isMessage = sign === "?" && rest !== "";
    const advice = isMessage ? rest : `set it, or write \${${name}:-default}`;
    const why = `the variable ${name} is ${found === undefined ? "not set" : "empty"}: ${advice}`;
    return complain("config-variable-missing", why, isMessage);
  };
  const text = value.replace(reference, replace);
  return { ...leaf, value: text, text: true, ...(problem && { problem }) };
}
