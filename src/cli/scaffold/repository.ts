/** Puts a new app under version control, where git is at hand. */
import { runProgram } from "./program.ts";

/** Makes a repository with a first commit, and says in a line what came of it. */
export async function createRepository(folder: string): Promise<string> {
  const inside = await runProgram("git", ["rev-parse", "--is-inside-work-tree"], folder);
  if (inside.missing) return "git is not installed, so there is no repository yet";
  if (inside.ok) return "the folder belongs to a git repository already; nothing was committed";
  const steps = [
    ["init", "--quiet", "--initial-branch=main"],
    ["add", "--all"],
    ["commit", "--quiet", "--no-gpg-sign", "--message", "Start from a Quickstep template"],
  ];
  for (const [step = "", ...args] of steps) {
    const done = await runProgram("git", [step, ...args], folder);
    if (done.ok) continue;
    const reason = done.output.split("\n").find((line) => /fatal|error/.test(line)) ?? "it failed";
    return `git ${step} did not work (${reason.trim()}); the files are there all the same`;
  }
  return "made a git repository with a first commit";
}
