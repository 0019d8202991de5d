/** `quickstep new`. */
import { suggest } from "../../nearest.ts";
import { columns, CommandError, type Command, type CommandInput } from "../command.ts";
import { checkName } from "../scaffold/app-name.ts";
import { createProgress } from "../scaffold/progress.ts";
import { runProgram } from "../scaffold/program.ts";
import { findQuickstepSource, packQuickstep } from "../scaffold/quickstep-source.ts";
import { createRepository } from "../scaffold/repository.ts";
import { TargetFolder } from "../scaffold/target-folder.ts";
import { readTemplate, templates, type TemplateName } from "../scaffold/template.ts";
import { writeKeyFile } from "../session-key.ts";

export const command: Command = {
  usage: "quickstep new [NAME] [--template app|api|minimal]",
  description: `
Makes a new app in a folder of its own: routes, tests, settings, a key for its session cookies,
linting, a Dockerfile and a CI workflow. Then installs its packages and makes a first commit.

Templates:
${columns(Object.entries(templates).map(([name, what]) => [`  ${name}`, what] as const))}
On a terminal it asks for what you leave out; elsewhere the template is "app".

  quickstep new shop
  quickstep new prices --template api --no-git`,
  options: {
    template: { type: "string", short: "t", value: "NAME", help: "what to start from" },
    overwrite: { type: "boolean", help: "replace files that are in the way; a .env stays" },
    "no-install": { type: "boolean", help: "do not run npm install" },
    "no-git": { type: "boolean", help: "make no repository" },
    yes: { type: "boolean", short: "y", help: "ask nothing" },
  },
  arguments: 1,
  run: createApp,
};

const PACKED = "packed this Quickstep into vendor/, as no registry has it";
const INSTALL = [
  ...["install", "--no-audit", "--no-fund", "--loglevel=error"],
  // Without a network the default is to go on trying for more than a minute, with each package anew.
  ...["--prefer-offline", "--fetch-retries=1", "--fetch-retry-mintimeout=100"],
  "--fetch-retry-maxtimeout=100",
];

async function createApp({ values, positionals }: CommandInput): Promise<number> {
  const isTerminal = process.stdin.isTTY && process.stdout.isTTY;
  const mayAsk = isTerminal && values["yes"] !== true;
  const name = positionals[0] ?? (mayAsk ? await ask("askForName") : undefined);
  if (name === undefined) {
    throw new CommandError("usage", `the app needs a name\nUsage: ${command.usage}`);
  }
  checkName(name);
  const template = values["template"] ?? (mayAsk ? await ask("askForTemplate") : "app");
  checkTemplate(template);

  const source = findQuickstepSource();
  const files = readTemplate(template, name);
  const manifest = files.get("package.json") ?? "";
  files.set("package.json", manifest.replace(/("quickstep": )"[^"]*"/, `$1"${source.spec}"`));
  const target = new TargetFolder(process.cwd(), name, {
    overwrite: values["overwrite"] === true,
  });
  target.check([...files.keys(), ".env", ...(source.file === undefined ? [] : [source.file])]);

  const progress = await createProgress(isTerminal);
  // First of all, so that no key can ever be committed.
  const contents: [string, string | Uint8Array][] = [[".gitignore", files.get(".gitignore") ?? ""]];
  if (source.file !== undefined) {
    const packed = await progress.step("packing this Quickstep", packQuickstep, () => PACKED);
    contents.push([source.file, packed]);
  }
  for (const [path, text] of files) if (path !== ".gitignore") contents.push([path, text]);
  for (const [path, content] of contents) target.write(path, content);
  if (!target.has(".env")) writeKeyFile(target.path);

  const isInstalled = values["no-install"] !== true && (await install(target.path, progress));
  if (values["no-git"] !== true) {
    await progress.step(
      "making a git repository",
      () => createRepository(target.path),
      (line) => line,
    );
  }
  process.stdout.write(farewell(name, isInstalled));
  return isInstalled || values["no-install"] === true ? 0 : 1;
}

async function ask(question: "askForName" | "askForTemplate"): Promise<string> {
  const questions = await import("../scaffold/questions.ts");
  return questions[question]();
}

function checkTemplate(name: string | boolean): asserts name is TemplateName {
  if (typeof name === "string" && Object.hasOwn(templates, name)) return;
  const known = Object.keys(templates);
  const hint = suggest(String(name), known);
  throw new CommandError(
    "template-unknown",
    `there is no template "${name}" (known: ${known.join(", ")})${hint}`,
  );
}

async function install(
  folder: string,
  progress: Awaited<ReturnType<typeof createProgress>>,
): Promise<boolean> {
  const done = await progress.step(
    "installing packages with npm",
    () => runProgram("npm", INSTALL, folder),
    ({ ok }) => (ok ? "installed its packages" : "npm install did not work"),
  );
  if (done.ok) return true;
  const reason = done.missing ? "npm is not installed" : done.output;
  process.stderr.write(`${reason}\nThe app itself is complete; run npm install in it later.\n`);
  return false;
}

function farewell(name: string, isInstalled: boolean): string {
  const rows = [
    [`  cd ${name}`, ""],
    ...(isInstalled ? [] : [["  npm install", ""] as const]),
    ["  npm run dev", "runs it on http://localhost:3000, and again at every change"],
    ["  npm run check", "types, lint, format and tests"],
  ] as const;
  return `\n${name} is there. Next:\n\n${columns(rows).replaceAll(/ +$/gm, "")}\n`;
}
