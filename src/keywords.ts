/** The keyword table: each word is a thin skin over the app or over the current request's context. */
import type { App } from "./app.ts";
import type { Context } from "./context.ts";
import { contextFor, currentContext } from "./current-context.ts";
import { toLogText } from "./log-text.ts";

/** Words that act on an app, bound to it. */
export function createAppWords(app: App) {
  return {
    any: app.any,
    config: () => app.settings,
    dance: app.dance.bind(app),
    del: app.del,
    engine: app.engine.bind(app),
    get: app.get,
    hook: app.hook.bind(app),
    load: app.load.bind(app),
    loadApp: app.loadApp.bind(app),
    mime: () => app.mimeTypes,
    options: app.options,
    patch: app.patch,
    post: app.post,
    prefix: app.prefix.bind(app),
    put: app.put,
    set: app.set.bind(app),
    setting: app.setting.bind(app),
    start: app.dance.bind(app),
    use: app.use.bind(app),
  };
}

/** Words that log; during a request the line carries its id. */
export function createLogWords(app: App) {
  const word =
    (level: "debug" | "info" | "warning" | "error") =>
    (...message: unknown[]): void => {
      app.log(level, toLogText(message), currentContext.getStore()?.request);
    };
  return {
    debug: word("debug"),
    error: word("error"),
    info: word("info"),
    warning: word("warning"),
  };
}

/** Words that act on the request being served; outside of one they throw a `KeywordError`. */
export const requestWords = {
  captures: value("captures"),
  contentType: word("contentType"),
  cookie: word("cookie"),
  cookies: value("cookies"),
  header: word("header"),
  headers: word("headers"),
  layout: word("layout"),
  param: word("param"),
  paramArray: word("paramArray"),
  params: word("allParams", "params"),
  pushHeader: word("pushHeader"),
  redirect: word("redirect"),
  redirectLocal: word("redirectLocal"),
  renderWithLayout: word("renderWithLayout"),
  request: value("request"),
  response: value("response"),
  session: word("session"),
  splat: value("splat"),
  status: word("status"),
  template: word("template"),
  upload: word("upload"),
  uploads: word("uploads"),
  uriFor: word("uriFor"),
  var: word("var"),
  vars: value("vars"),
};

// Only a declared type lets TypeScript see that the code after such a word is not reached.

/** Leaves the handler: answers with this, and neither later hooks nor routes run. Write `return halt(…)`. */
export const halt: Context["halt"] = word("halt");

/** Leaves the handler: the next route that matches answers. */
export const pass: Context["pass"] = word("pass");

/** Leaves the handler: starts over as if `target` had been asked for. */
export const forward: Context["forward"] = word("forward");

/** Leaves the handler: answers with an error page. */
export const sendError: Context["sendError"] = word("sendError");

/** Leaves the handler: answers with a file below `public`, or with `options.data` as one. */
export const sendFile: Context["sendFile"] = word("sendFile");

type WordOf<T> = { [K in keyof T]: T[K] extends (...args: never) => unknown ? K : never }[keyof T];

/** The context's word of this name, for the request being served. */
function word<K extends WordOf<Context>>(member: K, name: string = member): Context[K] {
  const call = (...args: unknown[]): unknown =>
    (contextFor(name)[member] as (...args: unknown[]) => unknown)(...args);
  return call as unknown as Context[K];
}

/** A word without arguments that gives a part of the context. */
function value<K extends keyof Context>(name: K): () => Context[K] {
  return () => contextFor(name)[name];
}
