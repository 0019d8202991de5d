/** Our own suite "cookie-edges": options, expiry phrases, values of odd kinds, several of one name. */
import type { App } from "../../../src/app.ts";
import type { Context } from "../../../src/context.ts";
import type { CookieWordOptions } from "../../../src/response/response-cookie.ts";
import { pairs } from "../support/show.ts";

/** Dancer's options by name, as ours. */
const options: Readonly<Record<string, (value: string) => CookieWordOptions>> = {
  path: (path) => ({ path }),
  domain: (domain) => ({ domain }),
  expires: (expires) => ({ expires }),
  secure: (value) => ({ secure: value === "1" }),
  http_only: (value) => ({ httpOnly: value === "1" }),
  same_site: (sameSite) => ({ sameSite }),
};

export default function define(app: App): void {
  for (const path of ["/set", "/set2"]) {
    app.get(path, ({ cookie, allParams }) => {
      const { n = "", v = "", ...rest } = allParams("query") as Record<string, string>;
      const given = Object.entries(rest).map(([name, value]) => options[name]?.(value));
      cookie(n, v, Object.assign({}, ...given) as CookieWordOptions);
      return "set";
    });
  }
  app.get("/list", ({ cookie, param }) => {
    const values = (param("v") ?? "").split(",").filter((value) => value !== "");
    cookie("l", values);
    return "list";
  });
  sets("/hash", "hash", ({ cookie }) => cookie("h", { k: "v v" }));
  app.get("/read/:n", ({ cookie, params }) => {
    const value = cookie(params.n);
    return value === undefined ? "undef" : `[${value}]`;
  });
  app.get("/readl/:n", ({ request, params }) => {
    const values = request.cookieArray(params.n);
    return `${values.length}:${values.join("|")}`;
  });
  app.get("/all", ({ cookies }) => pairs(cookies));
  app.get("/setread", ({ cookie }) => {
    cookie("s", "new");
    return cookie("s");
  });
  sets("/twice", "twice", ({ cookie }) => {
    cookie("t", 1, { path: "/a" });
    cookie("t", 2, { path: "/b" });
  });
  sets("/del", "del", ({ cookie }) => cookie("d", "", { expires: "-1 day" }));
  sets("/num", "num", ({ cookie }) => cookie("n", 0));
  app.get("/halt", ({ cookie, halt }) => {
    cookie("hc", 1);
    return halt("halted");
  });
  app.get("/error", ({ cookie, sendError }) => {
    cookie("ec", 1);
    return sendError("x", 400);
  });
  app.get("/pass/:x", ({ cookie, pass }) => {
    cookie("pc", 1);
    return pass();
  });
  app.get("/pass/*", () => "passed");

  function sets(path: string, text: string, set: (ctx: Context) => void): void {
    app.get(path, (ctx) => {
      set(ctx);
      return text;
    });
  }
}
