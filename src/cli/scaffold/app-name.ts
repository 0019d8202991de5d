/** Which names an app may have: those that are a good folder, package and unit name everywhere. */
import { builtinModules } from "node:module";
import { CommandError } from "../command.ts";

const rule = /^[a-z][a-z0-9]*(?:[-_.][a-z0-9]+)*$/;
const longest = 64;
/** Names that npm refuses, that Windows keeps for devices, or under which the app could not import us. */
const reserved = new Set([
  ...["node_modules", "quickstep", "helmet", "test", "con", "prn", "aux", "nul"],
  ...Array.from({ length: 10 }, (_, digit) => [`com${digit}`, `lpt${digit}`]).flat(),
  ...builtinModules,
]);

/** What is wrong with a name, as a sentence; `undefined` for a good one. */
export function findNameProblem(name: string): string | undefined {
  if (name.length > longest) return `the name has more than ${longest} characters`;
  if (!rule.test(name)) {
    return (
      `"${name}" cannot be the name of an app; use small letters, digits and single - _ . ` +
      `between them, beginning with a letter (the app is made in a folder of that name, right here)`
    );
  }
  const [base = ""] = name.split(".");
  if (reserved.has(name) || reserved.has(base))
    return `"${name}" is a reserved name; choose another`;
  return undefined;
}

/** @throws CommandError `name-invalid`. */
export function checkName(name: string): void {
  const problem = findNameProblem(name);
  if (problem !== undefined) throw new CommandError("name-invalid", problem);
}
