/**
 * Measures what is loaded: by `import "quickstep"`, and by a hello-world app that has answered a request.
 *
 * Run it with `npm run size`; with `--json` it prints the two measurements as JSON.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { Session } from "node:inspector";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

/** What was loaded up to a moment. */
export interface Size {
  /** Our source files. */
  readonly modules: number;
  /** Their lines that are neither blank nor comment. */
  readonly codeLines: number;
  /** Their length in kilobytes of 1000 bytes, comments included. */
  readonly kilobytes: number;
  /** The npm packages of which some file was loaded, sorted. */
  readonly packages: readonly string[];
  /** Code lines of each file, the longest first. */
  readonly files: Readonly<Record<string, number>>;
}

const source = new URL("../src/", import.meta.url).href;

// V8 itself tells which scripts it has compiled, whoever asked for them and by whichever loader.
const loaded = new Set<string>();
const debug = new Session();
debug.connect();
debug.on("Debugger.scriptParsed", ({ params }) => loaded.add(params.url));
debug.post("Debugger.enable");
const before = new Set(loaded);

const { App } = await import("quickstep");
const imported = sizeOfLoaded();

const appdir = mkdtempSync(join(tmpdir(), "quickstep-size-"));
const settings = { server: "127.0.0.1", port: 0 };
const hello = new App({ appdir, environment: "production", env: {}, settings });
hello.get("/", () => "Hello");
const running = await hello.listen();
const answer = await (await fetch(running.url)).text();
await running.stop();
rmSync(appdir, { recursive: true });
if (answer !== "Hello") throw new Error(`the app answered ${JSON.stringify(answer)}`);
const served = sizeOfLoaded();

if (process.argv.includes("--json")) {
  process.stdout.write(JSON.stringify({ imported, served }));
} else {
  for (const [file, lines] of Object.entries(imported.files)) console.log(`${lines}\t${file}`);
  print('import "quickstep"', imported);
  print("a hello-world app that has answered", served);
}

function print(title: string, size: Size): void {
  console.log(
    `\n${title}: ${size.modules} modules, ${size.codeLines} code lines, ${size.kilobytes} kB` +
      `\n  npm packages (${size.packages.length}): ${size.packages.join(", ")}`,
  );
}

function sizeOfLoaded(): Size {
  const urls = [...loaded].filter((url) => !before.has(url));
  const texts = urls
    .filter((url) => url.startsWith(source))
    .map((url) => new URL(url))
    .map(
      (url) => [url.href.slice(source.length), readFileSync(fileURLToPath(url), "utf8")] as const,
    );
  const files = texts
    .map(([file, text]) => [file.replace(/\?.*/, ""), countCodeLines(text)] as const)
    .sort(([, a], [, b]) => b - a);
  return {
    modules: files.length,
    codeLines: files.reduce((sum, [, lines]) => sum + lines, 0),
    kilobytes: Math.round(texts.reduce((sum, [, text]) => sum + text.length, 0) / 1000),
    packages: [...new Set(urls.flatMap(packageOf))].sort(),
    files: Object.fromEntries(files),
  };
}

function packageOf(url: string): string[] {
  const name = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1];
  return name === undefined ? [] : [name];
}

/** Counts the lines on which some token stands. */
function countCodeLines(text: string): number {
  const file = ts.createSourceFile("source.ts", text, ts.ScriptTarget.Latest, true);
  const lines = new Set<number>();
  const visit = (node: ts.Node): void => {
    if (ts.isJSDoc(node) || node.kind === ts.SyntaxKind.EndOfFileToken) return;
    const children = node.getChildren(file);
    if (children.length > 0) {
      children.forEach(visit);
      return;
    }
    const { line: last } = file.getLineAndCharacterOfPosition(node.end);
    let { line } = file.getLineAndCharacterOfPosition(node.getStart(file));
    while (line <= last) lines.add(line++);
  };
  visit(file);
  return lines.size;
}
