/** Our own suite "routing-edges": optional pieces, splats, special characters, expressions, prefixes, pass. */
import type { App } from "../../../src/app.ts";
import type { Context } from "../../../src/context.ts";
import { pairs, show } from "../support/show.ts";

/** Any handler's context. */
type Any = Context<unknown>;

export default function define(app: App): void {
  const params = (name: string) => (ctx: Any) => `${name} ${routeParams(ctx)}`;
  const splats = (name: string) => (ctx: Any) => `${name} ${splatsOf(ctx)}`;
  const both = (name: string) => (ctx: Any) => `${name} ${routeParams(ctx)} ${splatsOf(ctx)}`;

  app.get("/opt/:a?/:b?", params("opt"));
  app.get("/dots/:file.:ext?", params("dots"));
  app.get("/mid/:a?/end", params("mid"));
  app.get("/mega/**/end", splats("mega"));
  app.get("/two/**/x/**", splats("two"));
  app.get("/mix/*/**/*.*", splats("mix"));
  app.get("/both/:id/*", both("both"));
  app.get("/star/*?", splats("star"));
  app.get("/megaopt/**?", splats("megaopt"));
  app.get("/same/:a/:a", params("same"));
  app.get("/under/:a_b/:c1", params("under"));
  app.get(/\/dash\/(?<xy>[^/]+)/, ({ captures }) => `dash x-=${captures["xy"]}`);
  app.get("/lit.eral", () => "literal dot");
  app.get("/paren(s)", () => "parens");
  app.get("/plus+", () => "plus");
  app.get("/br[a]cket", () => "bracket");
  app.get("/dollar$", () => "dollar");
  app.get("/caret^", () => "caret");
  app.get("/pipe|x", () => "pipe");
  app.get("/sp ace", () => "space");
  app.get("/opt-s?", () => "opt-s");
  app.get("/trail/", () => "trail");
  app.get("/CaSe", () => "case");
  app.get("/dbl//slash", () => "double");
  app.get(/\/rx\/(\d+)-(\w+)/, splats("rx"));
  app.get(/\/rxopt\/(a)?(b)?/, splats("rxopt"));
  app.get(/\/rxi\/abc/i, ({ splat }) => `rxi ${splat.length}`);
  app.get(/^\/rxa\/x$/, () => "rxa");
  app.get(
    /\/rxn\/(?<year>\d{4})\/(?<month>\d\d)?/,
    ({ captures, splat }) => `rxn ${pairs(given(captures))} ${splat.length}`,
  );
  app.get(/\/rxalt\/(one|two)/, splats("rxalt"));
  app.get(/\/rxq\/.*\?/, () => "rxq");
  app.get(/\/rxu\/([\p{L}\p{N}_]+)/u, splats("rxu"));
  app.prefix("/pre/:lang", () => {
    app.get("/", params("pre root"));
    app.get("/item/:id", params("pre item"));
    app.get("/*", both("pre star"));
  });
  app.prefix("/rp");
  app.get(/\/(\d+)/, splats("rp"));
  app.get(/(?:)/, () => "rp empty");
  app.get("/", () => "rp root");
  app.prefix("/tr/");
  app.get("/a", () => "tr a");
  app.prefix(null);
  app.get("/pass/:id", (ctx) => {
    ctx.header("X-First", "one");
    ctx.var("seen", ctx.param("id"));
    ctx.status(201);
    ctx.pass();
  });
  app.get(
    "/pass/*",
    (ctx) => `passed ${splatsOf(ctx)} var ${String(ctx.var("seen"))} ${routeParams(ctx)}`,
  );
  app.get("/pass2/**", (ctx) => {
    if (ctx.splat[0]?.[0] === "no") ctx.pass();
    return `pass2 ${splatsOf(ctx)}`;
  });
  app.any("/pass2/:x", ({ request }) => `pass2 any ${request.method}`);
  app.put("/pass2/:x", () => "never");
  app.get("/dup", () => "first");
  app.get("/dup", () => "second");
  app.any(["get", "delete"], "/some", ({ request }) => request.method);
  const all = (name: string) => (ctx: Any) => `${name} ${pairs(ctx.allParams())}`;
  app.post("/p", all("post"));
  app.put("/p", all("put"));
  app.patch("/p", all("patch"));
  app.del("/p", all("del"));
  app.options("/p", () => "options");
  app.get("/undef", () => undefined);
  app.get("/zero", () => 0);
  app.get("/list", () => "2");
  app.get("/emptystr", () => "");
  app.get("/:one/x/:three", params("generic"));
}

function routeParams({ allParams }: Any): string {
  return pairs(allParams("route"));
}

function splatsOf({ splat }: Any): string {
  return splat
    .map((value) => (Array.isArray(value) ? `[${value.join(",")}]` : show(value)))
    .join("; ");
}

function given(captures: Readonly<Record<string, string | undefined>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(captures).filter(([, value]) => value !== undefined));
}
