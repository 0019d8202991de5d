/** Where ambient words find the request that is being served. */
import { AsyncLocalStorage } from "node:async_hooks";
import type { Context } from "./context.ts";
import { KeywordError } from "./errors.ts";

/** Kept through `await`; lost in listeners of emitters made outside the request. */
export const currentContext = new AsyncLocalStorage<Context>();

/** The context of the request being served. @throws KeywordError `keyword-outside-request` outside of one. */
export function contextFor(word: string): Context {
  const ctx = currentContext.getStore();
  if (ctx !== undefined) return ctx;
  throw new KeywordError(
    "keyword-outside-request",
    `${word}() was called outside a request; use it in a handler or hook, or take it from the context they are handed`,
  );
}
