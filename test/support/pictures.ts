/** Pictures for the documentation: of a terminal, and of several pages side by side. */
import { join } from "node:path";
import { AnsiUp } from "ansi_up";
import type { BrowserContext, Page } from "playwright-core";

/** What a page looked like, as PNG. */
export type Picture = Buffer;

/** Puts pictures into a folder; without one it does nothing. */
export class Pictures {
  readonly #context: BrowserContext;
  readonly #folder: string | undefined;

  constructor(context: BrowserContext, folder: string | undefined) {
    this.#context = context;
    this.#folder = folder;
  }

  /** A terminal with this text, whose colours are given by escape sequences. */
  async terminal(name: string, text: string): Promise<void> {
    const ansi = new AnsiUp();
    ansi.use_classes = true;
    const html = ansi.ansi_to_html(text.trimEnd());
    await this.#draw(name, `<div class="terminal"><i></i><i></i><i></i><pre>${html}</pre></div>`);
  }

  /** What the browser shows of this page. */
  async page(name: string, page: Page): Promise<void> {
    if (this.#folder !== undefined) await page.screenshot({ path: this.#file(name) });
  }

  /** Pages of a phone, side by side. */
  async row(name: string, pages: readonly Picture[]): Promise<void> {
    const images = pages.map(
      (page) => `<img alt="" src="data:image/png;base64,${page.toString("base64")}">`,
    );
    await this.#draw(name, `<div class="row">${images.join("")}</div>`);
  }

  async #draw(name: string, body: string): Promise<void> {
    if (this.#folder === undefined) return;
    const page = await this.#context.newPage();
    await page.setContent(`<!doctype html><style>${style}</style>${body}`);
    await page.locator("div").screenshot({ path: this.#file(name), omitBackground: true });
    await page.close();
  }

  #file(name: string): string {
    return join(this.#folder ?? "", `${name}.png`);
  }
}

const style = `
body { margin: 0; background: transparent }
div { width: max-content }
.terminal { padding: 14px 18px 18px; border-radius: 12px; background: #161a21; color: #dfe3ea }
.terminal > i { float: left; width: 12px; height: 12px; margin-right: 8px; border-radius: 50%; background: #ff6159 }
.terminal > i + i { background: #ffbd2e }
.terminal > i + i + i { background: #28c941 }
pre { clear: left; min-width: 72ch; margin: 0; padding-top: 14px; font: 14px/1.3 "DejaVu Sans Mono", monospace }
.ansi-red-fg, .ansi-bright-red-fg { color: #ff8a80 }
.ansi-green-fg, .ansi-bright-green-fg { color: #8fd694 }
.ansi-yellow-fg, .ansi-bright-yellow-fg { color: #f2cc60 }
.ansi-blue-fg, .ansi-bright-blue-fg { color: #82aaff }
.ansi-magenta-fg, .ansi-bright-magenta-fg { color: #d2a8ff }
.ansi-cyan-fg, .ansi-bright-cyan-fg { color: #76d4e0 }
.ansi-bright-black-fg { color: #8b95a5 }
.row { display: flex; gap: 20px; padding: 4px }
.row img { width: 290px; border-radius: 22px; outline: 3px solid #9aa3b2 }
`;
