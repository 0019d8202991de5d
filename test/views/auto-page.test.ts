/** `auto_page`: views that answer for paths without a route. */
import { describe, expect, it } from "vitest";
import { appWith } from "../http/support.ts";
import { visit } from "../support/app.ts";

describe("auto_page", () => {
  const files = {
    "views/about.tt": "about <% params.q %>",
    "views/shop/index.tt": "shop",
    "views/geld/€.tt": "euro",
    "views/a b.tt": "spaces",
    "views/layouts/main.tt": "[<% content %>]",
    "views/.hidden.tt": "hidden",
    "views/.git/config.tt": "hidden",
    "views/private.tt": "private",
    "secret.tt": "secret",
  };
  const app = appWith(
    files,
    (it) => {
      it.hook("before", ({ request, halt, status }) => {
        if (request.path !== "/private") return;
        status(403);
        halt("refused");
      });
      it.post("/about", () => "route");
    },
    { auto_page: true, layout: "main" },
  );

  it.each([
    ["/about?q=%3Cb%3E", "[about &lt;b&gt;]"],
    ["/shop", "[shop]"],
    ["/shop/", "[shop]"],
    ["/shop//index", "[shop]"],
    ["/shop%2F%2Findex", "[shop]"],
    ["/geld/%E2%82%AC", "[euro]"],
    ["/a%20b", "[spaces]"],
  ])("renders the view for %s", async (path, text) => {
    const reply = await visit(app).get(path);
    expect([reply.status, reply.text]).toEqual([200, text]);
    expect(reply.header("content-type")).toBe("text/html; charset=utf-8");
  });

  it.each([
    "/layouts/main",
    "/LAYOUTS/main",
    "/.hidden",
    "/.git/config",
    "/about/",
    "//layouts//main",
    "/layouts%2F%2Fmain",
    "/..%2fsecret",
    "/%2e%2e/secret",
    "/shop/../../secret.tt",
    "/..%5csecret",
    "/about%00.tt",
    "/nowhere",
    `/${"x".repeat(5000)}`,
    "/a".repeat(3000),
  ])("has no page for %j", async (path) => {
    const reply = await visit(app).get(path);
    expect([400, 404]).toContain(reply.status);
    expect(reply.text).not.toMatch(/secret|hidden/);
  });

  it("prefers a route", async () => {
    expect((await visit(app).post("/about")).text).toBe("route");
  });

  it("SEC-810 does not answer where a before hook has refused", async () => {
    const reply = await visit(app).get("/private");
    expect([reply.status, reply.text]).toEqual([403, "refused"]);
  });

  it("is off unless asked for", async () => {
    expect((await visit(appWith(files, () => undefined)).get("/about")).status).toBe(404);
  });
});
