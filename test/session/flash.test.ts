import { describe, expect, it } from "vitest";
import type { App } from "../../src/app.ts";
import { createApp, engines, serve, tempFolder, visit } from "../support/app.ts";

function define(app: App): void {
  app.post("/save", ({ session, redirect }) => {
    session().flash("notice", { text: "Saved", kind: "ok" });
    session().flash("other", "also");
    redirect("/one");
  });
  app.get("/one", ({ redirect, session }) => {
    session("passed", true);
    redirect("/two");
  });
  app.get("/two", ({ redirect }) => {
    redirect("/page");
  });
  app.get("/page", ({ session }) => [session().flash("notice") ?? null]);
  app.get("/other", ({ session }) => session().flash("other") ?? "none");
  app.get("/twice", ({ session }) => [
    session().flash("notice"),
    session().flash("notice") ?? null,
  ]);
  app.get("/now", ({ session }) => {
    session().flash("notice", "now");
    return session().flash("notice");
  });
  app.get("/all", ({ session }) => [session(), session().keys(), session().entries()]);
  app.get("/break", ({ session }) => {
    session().flash("notice");
    throw new Error("boom");
  });
}

const saved = { text: "Saved", kind: "ok" };

describe.each(engines)("a flash value with the %s engine", (session) => {
  const appdir = () => tempFolder({ "public/logo.svg": "<svg/>" });

  it("SEC-411 is shown once, after two redirects, an image and a HEAD", async () => {
    const app = createApp({ session }, define, { appdir: appdir() });
    const served = await serve(app);
    for (const client of [visit(app), served.client]) {
      let reply = await client.post("/save");
      for (const path of ["/one", "/two", "/page"]) {
        expect(reply.status).toBe(302);
        expect(new URL(reply.header("location")!).pathname).toBe(path);
        expect((await client.get("/logo.svg")).text).toBe("<svg/>");
        expect((await client.head("/page")).status).toBe(200);
        reply = await client.get(path);
      }
      expect(reply.json).toEqual([saved]);
      expect((await client.get("/page")).json).toEqual([null]);
      expect((await client.get("/other")).text).toBe("also");
      expect((await client.get("/other")).text).toBe("none");
    }
    await served.stop();
  });

  it("SEC-411 is shown once within a request too, also in the one that set it", async () => {
    const client = visit(createApp({ session }, define));
    await client.post("/save");
    expect((await client.get("/twice")).json).toEqual([saved, null]);
    expect((await client.get("/now")).text).toBe("now");
    expect((await client.get("/page")).json).toEqual([null]);
  });

  it("SEC-411 is not used up by a page that broke", async () => {
    const client = visit(createApp({ session }, define));
    await client.post("/save");
    expect((await client.get("/break")).status).toBe(500);
    expect((await client.get("/page")).json).toEqual([saved]);
  });

  it("SEC-411 survives a new id and does not show among the keys", async () => {
    const app = createApp({ session }, (made) => {
      define(made);
      made.get("/regenerate", (ctx) => {
        ctx.session().regenerate();
      });
    });
    const client = visit(app);
    await client.post("/save");
    await client.get("/one");
    await client.get("/regenerate");
    expect((await client.get("/all")).json).toEqual([
      { passed: true },
      ["passed"],
      [["passed", true]],
    ]);
    expect((await client.get("/page")).json).toEqual([saved]);
  });
});
