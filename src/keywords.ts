/** The keyword table: each word is a thin skin over the app or over the current request's context. */
import type { App } from "./app.ts";
import {
  contextFor,
  currentContext,
  toLogText,
  type Context,
  type SessionWord,
} from "./context.ts";
import type { Content } from "./response.ts";
import type { SendFileOptions } from "./signals.ts";

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
      app.log(level, toLogText(message), currentContext.getStore()?.request.id);
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
  captures: (): Context["captures"] => contextFor("captures").captures,
  contentType: ((type) => contextFor("contentType").contentType(type)) as Context["contentType"],
  cookie: ((...args: Parameters<Context["cookie"]>) =>
    contextFor("cookie").cookie(...args)) as Context["cookie"],
  cookies: (): Context["cookies"] => contextFor("cookies").cookies,
  header: ((name, value) => contextFor("header").header(name, value)) as Context["header"],
  headers: ((headers) => contextFor("headers").headers(headers)) as Context["headers"],
  layout: ((name) => contextFor("layout").layout(name)) as Context["layout"],
  param: ((name) => contextFor("param").param(name)) as Context["param"],
  paramArray: ((name) => contextFor("paramArray").paramArray(name)) as Context["paramArray"],
  params: ((source) => contextFor("params").allParams(source)) as Context["allParams"],
  pushHeader: ((name, ...values) =>
    contextFor("pushHeader").pushHeader(name, ...values)) as Context["pushHeader"],
  redirect: ((target, status) =>
    contextFor("redirect").redirect(target, status)) as Context["redirect"],
  request: (): Context["request"] => contextFor("request").request,
  response: (): Context["response"] => contextFor("response").response,
  session: ((...args: [never, never]) =>
    contextFor("session").session(...args)) as unknown as SessionWord,
  splat: (): Context["splat"] => contextFor("splat").splat,
  status: ((value) => contextFor("status").status(value)) as Context["status"],
  template: ((view, tokens, options) =>
    contextFor("template").template(view, tokens, options)) as Context["template"],
  uriFor: ((path, params) => contextFor("uriFor").uriFor(path, params)) as Context["uriFor"],
  var: ((...args: [string, unknown]) => contextFor("var").var(...args)) as Context["var"],
  vars: (): Context["vars"] => contextFor("vars").vars,
};

/** Leaves the handler: answers with this, and neither later hooks nor routes run. Write `return halt(…)`. */
export function halt(content?: unknown): never {
  return contextFor("halt").halt(content);
}

/** Leaves the handler: the next route that matches answers. */
export function pass(): never {
  return contextFor("pass").pass();
}

/** Leaves the handler: starts over as if `target` had been asked for. */
export function forward(
  target: string,
  params?: Readonly<Record<string, string>>,
  options?: { method?: string },
): never {
  return contextFor("forward").forward(target, params, options);
}

/** Leaves the handler: answers with an error page. */
export function sendError(message: string, status?: number | string): never {
  return contextFor("sendError").sendError(message, status);
}

/** Leaves the handler: answers with a file below `public`, or with `options.data` as one. */
export function sendFile(file: string | Content, options?: SendFileOptions): never {
  return contextFor("sendFile").sendFile(file, options);
}
