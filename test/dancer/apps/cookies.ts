/** Dancer's suite "cookies": options, expiry phrases, same_site, several values, escaping. */
import type { App } from "../../../src/app.ts";
import type { Context } from "../../../src/context.ts";
import type { CookieWordOptions } from "../../../src/response/response-cookie.ts";

type Value = Parameters<Context["cookie"]>[1];

export default function define(app: App): void {
  sets("/plain", "a", "one");
  sets("/set", "b", "two");
  sets("/opts", "c", "v", () => ({
    path: "/sub",
    domain: ".app.test",
    secure: true,
    httpOnly: false,
  }));
  sets("/httponly", "d", "v", () => ({ httpOnly: true }));
  sets("/expires", "e", "v", ({ param }) => ({ expires: param("t") ?? "" }));
  sets("/epoch", "e", "v", () => ({ expires: Math.floor(Date.now() / 1000) + 3600 }));
  sets("/same", "s", "v", ({ param }) => ({ sameSite: param("s") ?? "" }));
  app.get("/twice", ({ cookie }) => {
    cookie("t", "first");
    cookie("t", "second");
    return "set";
  });
  app.get("/two", ({ cookie }) => {
    cookie("x", "1");
    cookie("y", "2");
    return "set";
  });
  sets("/list", "l", ["a", "b&c", "d"]);
  sets("/hash", "h", ["k", "v 1"]);
  sets("/chars", "q", 'a b;c,d=e"f\\g/h%');
  sets("/empty", "z", "");
  app.get("/readback", ({ cookie }) => {
    cookie("r", "fresh");
    return cookie("r");
  });
  app.get("/delete", ({ cookie }) => {
    cookie("a", "", { expires: "-1 hour" });
    return "gone";
  });
  app.get("/read", ({ cookie, param }) => {
    const value = cookie(param("n") ?? "");
    return value === undefined ? "undef" : `[${value}]`;
  });
  app.get("/readlist", ({ request, param }) => {
    const values = request.cookieArray(param("n") ?? "");
    return values.length === 0 ? "none" : values.join("|");
  });
  app.get("/names", ({ cookies }) => Object.keys(cookies).sort().join(","));
  app.get("/unset", ({ cookie }) => {
    cookie("u", undefined as never);
    return "nothing";
  });
  app.get("/die", ({ cookie }) => {
    cookie("a", "lost");
    throw new Error("x");
  });

  function sets(
    path: string,
    name: string,
    value: Value,
    options: (ctx: Context) => CookieWordOptions = () => ({}),
  ): void {
    app.get(path, (ctx) => {
      ctx.cookie(name, value, options(ctx));
      return "set";
    });
  }
}
