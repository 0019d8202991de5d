/** The outage that every engine with something behind it has to survive. */
import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import type { Awaitable } from "../awaitable.ts";

/** Puts what is behind an engine out of order and answers how to bring it back. */
export type BreakDown = () => Awaitable<() => Awaitable<void>>;

const patience = 2000;

/** Fails unless every attempt fails, or stays silent, during the outage, and `look` succeeds soon after it. */
export async function surviveOutage(
  breakDown: BreakDown,
  attempts: Readonly<Record<string, () => unknown>>,
  look: () => unknown,
): Promise<void> {
  const bringBack = await breakDown();
  try {
    for (const [name, attempt] of Object.entries(attempts)) {
      const answer = await Promise.race([outcomeOf(attempt), delay(500, "silent", { ref: false })]);
      assert.notEqual(answer, "answered", `${name} answers as if all were well`);
    }
  } finally {
    await bringBack();
  }
  const start = Date.now();
  while ((await outcomeOf(look)) === "failed") {
    assert.ok(
      Date.now() - start < patience,
      "all is well again, and two seconds later it still fails",
    );
    await delay(20);
  }
}

async function outcomeOf(attempt: () => unknown): Promise<"answered" | "failed"> {
  try {
    await attempt();
    return "answered";
  } catch {
    return "failed";
  }
}
