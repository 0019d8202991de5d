import { readFileSync } from "node:fs";
import { describe } from "vitest";
import { createEtaTemplate } from "../../src/engines/template/eta.ts";
import { createSimpleTemplate } from "../../src/engines/template/simple.ts";
import type { Tokens } from "../../src/engines/template/template.ts";
import { templateEngineContract } from "../../src/testing/template-engine-contract.ts";
import { escapeHtml, RawHtml } from "../../src/views/html.ts";
import { describeBroken, describePassing } from "./contract-suite.ts";

/** `{{ name }}`; each part can be broken by itself. */
class Braces {
  extension = ".braces";

  render(file: string, tokens: Tokens): string | Promise<string> {
    return this.load(file).replace(/\{\{ (\w+) \}\}/g, (_, name: string) =>
      this.show(this.find(tokens, name)),
    );
  }

  protected load(file: string): string {
    return readFileSync(file, "utf8");
  }

  protected find(tokens: Tokens, name: string): unknown {
    return tokens[name];
  }

  protected show(value: unknown): string {
    if (value === undefined || value === null) return "";
    return value instanceof RawHtml ? value.toString() : this.escape([value].join(""));
  }

  protected escape(text: string): string {
    return escapeHtml(text);
  }
}

const broken: Record<string, new () => Braces> = {
  "names the ending of its files": class extends Braces {
    override extension = "braces";
  },
  "fills the tokens into the text around them": class extends Braces {
    protected override load(file: string): string {
      return readFileSync(file, "latin1");
    }
  },
  "shows nothing for what is missing": class extends Braces {
    protected override show(value: unknown): string {
      return value === null ? "null" : super.show(value);
    }
  },
  "SEC-820 escapes values for HTML, in content and in quoted attributes": class extends Braces {
    protected override escape(text: string): string {
      return text.replaceAll("<", "&lt;").replaceAll(">", "&gt;");
    }
  },
  "inserts what raw() marks as it is, as layouts need it": class extends Braces {
    protected override show(value: unknown): string {
      return super.show(value instanceof RawHtml ? String(value) : value);
    }
  },
  "keeps pages that are rendered at once apart": class extends Braces {
    #tokens: Tokens = {};
    override async render(file: string, tokens: Tokens): Promise<string> {
      this.#tokens = tokens;
      await Promise.resolve();
      return super.render(file, this.#tokens);
    }
  },
  "shows a changed file where templates are not kept": class extends Braces {
    readonly #kept = new Map<string, string>();
    protected override load(file: string): string {
      const text = this.#kept.get(file) ?? super.load(file);
      this.#kept.set(file, text);
      return text;
    }
  },
  "changes none of the tokens": class extends Braces {
    protected override find(tokens: Tokens, name: string): unknown {
      tokens["seen"] = true;
      return super.find(tokens, name);
    }
  },
  "fails for a file that is not there": class extends Braces {
    protected override load(file: string): string {
      try {
        return super.load(file);
      } catch {
        return "";
      }
    }
  },
};

function casesOf(Engine: new () => Braces) {
  return templateEngineContract({
    create: () => new Engine(),
    insert: (name) => `{{ ${name} }}`,
  });
}

describe("the contract of template engines", () => {
  describePassing({
    braces: casesOf(Braces),
    simple: templateEngineContract({
      create: createSimpleTemplate,
      insert: (name) => `<% ${name} %>`,
    }),
    eta: templateEngineContract({
      create: createEtaTemplate,
      insert: (name) => `<%= it.${name} %>`,
    }),
  });
  describeBroken(broken, casesOf);
});
