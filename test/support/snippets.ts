/** Runs the apps that a page of the documentation shows. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { request } from "undici";
import { runApp, type RunningApp } from "./run-app.ts";

/** A fenced block of a page. */
export interface Block {
  /** The heading above it. */
  readonly heading: string;
  readonly language: string;
  readonly text: string;
}

/** What a request to a snippet's app may carry. */
export interface AskOptions {
  /** Cookies by name: sent along and updated. */
  readonly jar?: Map<string, string>;
  readonly body?: string;
  readonly type?: string;
  readonly origin?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The blocks of one page; those of a heading make an app in a folder of its own. */
export class Snippets {
  readonly blocks: readonly Block[];
  readonly #folder: string;
  readonly #running = new Map<string, RunningApp>();

  /** Reads a Markdown file; apps are written below `folder`. */
  constructor(page: string, folder: string) {
    this.blocks = findBlocks(readFileSync(page, "utf8"));
    this.#folder = folder;
  }

  /** The text of the first block of this language below a heading. */
  blockOf(heading: string, language: string): string {
    const block = this.blocks.find((one) => one.heading === heading && one.language === language);
    if (block === undefined) throw new Error(`no ${language} block in "${heading}"`);
    return block.text;
  }

  /** The main script of a heading's app. */
  fileOf(heading: string): string {
    return join(this.#folder, heading.toLowerCase().replaceAll(/\W+/g, "-"), "app.ts");
  }

  /** Writes an app that dances, with the yaml and views that stand beside it, and files of the test. */
  write(heading: string, files: Readonly<Record<string, string>> = {}): void {
    const file = this.fileOf(heading);
    const text = this.blockOf(heading, "ts");
    const start = text.includes("new App(")
      ? "await app.dance();"
      : 'import { dance } from "quickstep";\nawait dance();';
    writeFile(file, /\bdance\(\)/.test(text) ? text : `${text}\n${start}\n`);
    const beside = this.blocks.filter((one) => one.heading === heading);
    const yaml = beside.find((one) => one.language === "yaml");
    writeFile(join(dirname(file), "config.yml"), yaml?.text ?? "");
    for (const { text: view } of beside.filter((one) => one.language === "html")) {
      const [, name = ""] = /^<!-- (\S+) -->/.exec(view) ?? [];
      writeFile(join(dirname(file), name), view);
    }
    for (const [name, content] of Object.entries(files)) {
      writeFile(join(dirname(file), name), content);
    }
  }

  /** Starts a heading's app. */
  async start(heading: string, env: Readonly<Record<string, string>> = {}): Promise<void> {
    this.#running.set(heading, await runApp(this.fileOf(heading), env));
  }

  /** A heading's app that runs. */
  app(heading: string): RunningApp {
    const app = this.#running.get(heading);
    if (app === undefined) throw new Error(`the app of "${heading}" does not run`);
    return app;
  }

  /** Sends a request to a heading's app. */
  async ask(
    heading: string,
    method: "GET" | "POST" | "PUT" | "DELETE",
    path: string,
    { jar = new Map<string, string>(), body, type, origin, headers = {} }: AskOptions = {},
  ) {
    const cookie = [...jar].map((pair) => pair.join("=")).join("; ");
    const answer = await request(`${this.app(heading).url}${path}`, {
      method,
      headers: {
        ...headers,
        ...(cookie !== "" && { cookie }),
        ...(type !== undefined && { "content-type": type }),
        ...(origin !== undefined && { origin }),
      },
      body: body ?? null,
    });
    for (const text of [answer.headers["set-cookie"] ?? []].flat()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(text) ?? [];
      jar.set(name, value);
    }
    return { status: answer.statusCode, headers: answer.headers, text: await answer.body.text() };
  }

  /** Stops every app. */
  async stop(): Promise<void> {
    await Promise.all([...this.#running.values()].map((app) => app.stop()));
  }
}

/** Writes a file, and its folder where it is missing. */
export function writeFile(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function findBlocks(markdown: string): Block[] {
  const found: Block[] = [];
  let heading = "";
  for (const [, title, language, text] of markdown.matchAll(
    /^#+ (.+)$|^```(\w+)\n([\s\S]*?)^```$/gm,
  )) {
    if (title !== undefined) heading = title;
    else found.push({ heading, language: language ?? "", text: text ?? "" });
  }
  return found;
}
