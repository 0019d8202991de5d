/** The contract of template engines as tests. */
import assert from "node:assert/strict";
import { mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Awaitable } from "../awaitable.ts";
import type { TemplateEngine, TemplateOptions } from "../engines/template/template.ts";
import { raw } from "../views/html.ts";
import type { ContractCase } from "./contract-case.ts";

/** The template engine to try. */
export interface TemplateEngineSubject {
  readonly create: (options: TemplateOptions) => Awaitable<TemplateEngine>;
  /** How a template inserts the token of this name: `` (name) => `<%= it.${name} %>` ``. */
  readonly insert: (name: string) => string;
  /** What the engine reads by `setting(name)`. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/**
 * The cases that a template engine has to pass, for any test runner. Each writes its templates into a
 * folder of its own and removes it.
 *
 * @example
 * const subject = { create: createMyEngine, insert: (name: string) => `{{ ${name} }}` };
 * for (const { name, run } of templateEngineContract(subject)) test(name, run);
 */
export function templateEngineContract(subject: TemplateEngineSubject): ContractCase[] {
  return Object.entries(rules).map(([name, rule]) => ({
    name,
    run: () => TemplateTrial.run(subject, rule),
  }));
}

/** An engine, and a folder of templates for it. */
class TemplateTrial {
  readonly engine: TemplateEngine;
  readonly #subject: TemplateEngineSubject;
  readonly #folder: string;

  private constructor(subject: TemplateEngineSubject, folder: string, engine: TemplateEngine) {
    this.#subject = subject;
    this.#folder = folder;
    this.engine = engine;
  }

  static async run(
    subject: TemplateEngineSubject,
    rule: (trial: TemplateTrial) => Promise<void>,
  ): Promise<void> {
    const views = await mkdtemp(join(tmpdir(), "quickstep-views-"));
    const setting = (name: string): unknown => subject.settings?.[name];
    try {
      const engine = await subject.create({ views, cache: false, setting });
      await rule(new TemplateTrial(subject, views, engine));
    } finally {
      await rm(views, { recursive: true, force: true });
    }
  }

  file(name: string): string {
    return join(this.#folder, name + this.engine.extension);
  }

  /** Writes a template in which `{name}` stands for the token, and answers its file. */
  async write(name: string, text: string, modified = new Date()): Promise<string> {
    const file = this.file(name);
    const source = text.replace(/\{(\w+)\}/g, (_, token: string) => this.#subject.insert(token));
    await writeFile(file, source);
    await utimes(file, modified, modified);
    return file;
  }

  async render(file: string, tokens: Record<string, unknown>): Promise<string> {
    return (await this.engine.render(file, tokens)).trim();
  }
}

const rules: Record<string, (trial: TemplateTrial) => Promise<void>> = {
  "names the ending of its files": async ({ engine }) => {
    assert.match(engine.extension, /^\.[\w.-]*\w$/);
    await Promise.resolve();
  },

  "fills the tokens into the text around them": async (trial) => {
    const file = await trial.write("page", "Grüße, {name}: {count}!");
    assert.equal(await trial.render(file, { name: "Åsa", count: 3 }), "Grüße, Åsa: 3!");
  },

  "shows nothing for what is missing": async (trial) => {
    const file = await trial.write("page", "({absent}{nothing})");
    assert.equal(await trial.render(file, { nothing: null }), "()");
  },

  "SEC-820 escapes values for HTML, in content and in quoted attributes": async (trial) => {
    const file = await trial.write("page", `<a title="{value}">{value}</a>`);
    const page = await trial.render(file, { value: `<b>&"'` });
    const shown = /^<a title="([^<>"']*)">([^<>"']*)<\/a>$/.exec(page);
    assert.ok(shown, `values were let through: ${page}`);
    for (const text of shown.slice(1)) {
      assert.match(text, /^&(?:lt|#60|#x3c);b&(?:gt|#62|#x3e);&(?:amp|#38|#x26);&/i);
    }
  },

  "inserts what raw() marks as it is, as layouts need it": async (trial) => {
    const file = await trial.write("layout", "<main>{content}</main>");
    const content = raw("<p>&amp;</p>");
    assert.equal(await trial.render(file, { content }), "<main><p>&amp;</p></main>");
  },

  "keeps pages that are rendered at once apart": async (trial) => {
    const file = await trial.write("page", "{who} and {who}");
    const pages = ["a", "b", "c", "d"].map((who) => trial.render(file, { who }));
    assert.deepEqual(await Promise.all(pages), ["a and a", "b and b", "c and c", "d and d"]);
  },

  "shows a changed file where templates are not kept": async (trial) => {
    const file = await trial.write("page", "old {name}", new Date(1_000_000));
    assert.equal(await trial.render(file, { name: "x" }), "old x");
    await trial.write("page", "new {name}", new Date(2_000_000));
    assert.equal(await trial.render(file, { name: "x" }), "new x");
  },

  "changes none of the tokens": async (trial) => {
    const file = await trial.write("page", "{name}");
    const tokens = { name: "x", list: [1] };
    await trial.render(file, tokens);
    assert.deepEqual(tokens, { name: "x", list: [1] });
  },

  "fails for a file that is not there": async (trial) => {
    await assert.rejects(async () => trial.render(trial.file("absent"), {}));
  },
};
