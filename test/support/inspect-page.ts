/** How a page looks to a browser: it fits, it is accessible as far as axe-core can tell, and there may be a picture. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import axe from "axe-core";
import type { Page } from "playwright-core";
import { expect } from "vitest";

/** Expects both of the page as it is; `pictures` is a folder for a picture of that name. */
export async function inspectPage(
  page: Page,
  name: string,
  pictures: string | undefined,
): Promise<void> {
  const overhang = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
  expect(await page.evaluate(overhang), name).toBe(0);
  if (pictures !== undefined) {
    mkdirSync(pictures, { recursive: true });
    await page.screenshot({ path: join(pictures, `${name.replace(/-$/, "-index")}.png`) });
  }
  // Not as a script of the page, which its policy refuses.
  const found = await page.evaluate(`(() => { ${axe.source}; return axe.run(document); })()`);
  const { violations, passes } = found as axe.AxeResults;
  expect(passes.length, name).toBeGreaterThan(5);
  const told = violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`,
  );
  expect(told, name).toEqual([]);
}
