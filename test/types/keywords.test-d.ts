import { expectTypeOf, it } from "vitest";
import {
  App,
  app,
  captures,
  config,
  contentType,
  cookie,
  cookies,
  dance,
  debug,
  engine,
  error,
  forward,
  get,
  halt,
  header,
  headers,
  hook,
  info,
  layout,
  load,
  loadApp,
  param,
  paramArray,
  params,
  pass,
  post,
  prefix,
  pushHeader,
  redirect,
  request,
  response,
  sendError,
  sendFile,
  session,
  set,
  setting,
  splat,
  start,
  status,
  template,
  uriFor,
  use,
  var as varWord,
  vars,
  warning,
  type Awaitable,
  type Context,
  type Request,
  type Response,
  type RunningServer,
  type Session,
  type Settings,
} from "../../src/index.ts";

it("words that leave the handler narrow what follows", () => {
  const afterHalt = (text: string | undefined): string => {
    if (text === undefined) halt("no");
    return text;
  };
  const afterPass = (text: string | undefined): string => {
    if (text === undefined) pass();
    return text;
  };
  const afterForward = (text: string | undefined): string => {
    if (text === undefined) forward("/", { a: "b" }, { method: "GET" });
    return text;
  };
  const afterSendError = (text: string | undefined): string => {
    if (text === undefined) sendError("no", "not_found");
    return text;
  };
  const afterSendFile = (text: string | undefined): string => {
    if (text === undefined) sendFile("a.txt", { filename: "b" });
    return text;
  };
  for (const narrowed of [afterHalt, afterPass, afterForward, afterSendError, afterSendFile]) {
    expectTypeOf(narrowed).returns.toEqualTypeOf<string>();
  }
});

it("the context's words that leave return never", () => {
  type Leaving = Context["halt" | "pass" | "forward" | "sendError" | "sendFile"];
  expectTypeOf<ReturnType<Leaving>>().toEqualTypeOf<never>();
});

it("words of the request have their types", () => {
  expectTypeOf(captures()).toEqualTypeOf<Readonly<Record<string, string | undefined>>>();
  expectTypeOf(contentType("json")).toEqualTypeOf<string | undefined>();
  expectTypeOf(cookie("a")).toEqualTypeOf<string | undefined>();
  expectTypeOf(cookie("a", "b", { expires: "2 hours" })).toBeVoid();
  expectTypeOf(cookies()).toEqualTypeOf<Readonly<Record<string, string>>>();
  expectTypeOf(header("a", ["b", 1])).toBeVoid();
  expectTypeOf(headers({ a: 1 })).toBeVoid();
  expectTypeOf(layout(null)).toBeVoid();
  expectTypeOf(param("a")).toEqualTypeOf<string | undefined>();
  expectTypeOf(paramArray("a")).toEqualTypeOf<string[]>();
  expectTypeOf(params("query")).toEqualTypeOf<Record<string, unknown>>();
  expectTypeOf(pushHeader("a", 1, "b")).toBeVoid();
  expectTypeOf(redirect("/", 303)).toBeVoid();
  expectTypeOf(request()).toEqualTypeOf<Request>();
  expectTypeOf(response()).toEqualTypeOf<Response>();
  expectTypeOf(session()).toEqualTypeOf<Session>();
  expectTypeOf(session("k")).toEqualTypeOf<unknown>();
  expectTypeOf(session("k", 1 as number)).toEqualTypeOf<number>();
  expectTypeOf(splat()).toEqualTypeOf<Context["splat"]>();
  expectTypeOf(status("created")).toEqualTypeOf<number>();
  expectTypeOf(template("v", { a: 1 }, { layout: null })).toEqualTypeOf<Awaitable<string>>();
  expectTypeOf(uriFor("/", { a: [1, "b"] })).toEqualTypeOf<string>();
  expectTypeOf(varWord("a")).toEqualTypeOf<unknown>();
  expectTypeOf(varWord("a", [1])).toEqualTypeOf<number[]>();
  expectTypeOf(vars()).toEqualTypeOf<Record<string, unknown>>();
});

it("words of the app are the methods of App", () => {
  expectTypeOf(app).toEqualTypeOf<App>();
  expectTypeOf(get).toEqualTypeOf<App["get"]>();
  expectTypeOf(post).toEqualTypeOf<App["post"]>();
  expectTypeOf(hook).toEqualTypeOf<App["hook"]>();
  expectTypeOf(prefix).toEqualTypeOf<App["prefix"]>();
  expectTypeOf(load).toEqualTypeOf<App["load"]>();
  expectTypeOf(loadApp).toEqualTypeOf<App["loadApp"]>();
  expectTypeOf(use).toEqualTypeOf<App["use"]>();
  expectTypeOf(set).toEqualTypeOf<App["set"]>();
  expectTypeOf(setting).toEqualTypeOf<App["setting"]>();
  expectTypeOf(engine).toEqualTypeOf<App["engine"]>();
  expectTypeOf(config()).toEqualTypeOf<Settings>();
  expectTypeOf(dance).returns.toEqualTypeOf<Promise<RunningServer>>();
  expectTypeOf(start).toEqualTypeOf<typeof dance>();
  for (const log of [debug, info, warning, error]) {
    expectTypeOf(log).toEqualTypeOf<(...message: unknown[]) => void>();
  }
});

it("settings have the types of their table", () => {
  expectTypeOf(setting("port")).toEqualTypeOf<number>();
  expectTypeOf(setting("layout")).toEqualTypeOf<string | null>();
  expectTypeOf(setting("mine")).toEqualTypeOf<unknown>();
  expectTypeOf(set("port", 1)).toEqualTypeOf<number>();
  // @ts-expect-error -- a wrong value
  set("port", "1");
  // @ts-expect-error -- an unknown setting
  set("prot", 1);
});

it("params are typed from the path, in every route word", () => {
  get("/hello/:name", ({ params }) => {
    expectTypeOf(params).toEqualTypeOf<{ readonly name: string }>();
    // @ts-expect-error -- no such token
    return params.nme as string;
  });
  post("/a/:b/:c?", { agent: /x/ }, ({ params }) => {
    expectTypeOf(params).toEqualTypeOf<{ readonly b: string; readonly c?: string }>();
  });
  new App().any(["get"], "/x/:id", ({ params }) => {
    expectTypeOf(params.id).toEqualTypeOf<string>();
  });
  new App().get(/x/, ({ params }) => {
    expectTypeOf(params["id"]).toEqualTypeOf<string | undefined>();
  });
});

it("hooks are given what their name says", () => {
  hook("before", (ctx) => expectTypeOf(ctx).toEqualTypeOf<Context>());
  hook("before_template_render", (_ctx, tokens) => {
    expectTypeOf(tokens["a"]).toEqualTypeOf<unknown>();
  });
  hook("after_layout_render", (_ctx, text) => expectTypeOf(text).toEqualTypeOf<string>());
  // @ts-expect-error -- an unknown hook
  hook("befor", () => undefined);
});
