/** The hooks around exceptions, and before hooks that ask for another path. */
import { describe, expect, it } from "vitest";
import type { App } from "../../src/app.ts";
import { createApp, logged, visit } from "../support/app.ts";

function appThat(define: (app: App, events: string[]) => void): { app: App; events: string[] } {
  const events: string[] = [];
  const app = createApp({ session: null }, (it) => define(it, events));
  return { app, events };
}

describe("on_route_exception and on_handler_exception", () => {
  const { app, events } = appThat((it, seen) => {
    it.hook("before", ({ request }) => {
      if (request.path === "/hook") throw new Error("in a hook");
    });
    it.hook("on_route_exception", (_ctx, error) => seen.push(`route: ${String(error)}`));
    it.hook("on_handler_exception", (_ctx, error) => seen.push(`handler: ${String(error)}`));
    it.get("/throws", () => {
      throw new Error("in a route");
    });
    it.get("/rejects", () => Promise.reject(new Error("later")));
    it.get("/text", () => {
      throw "plain text";
    });
    it.get("/nothing", () => {
      throw undefined;
    });
    it.get("/halt", ({ halt }) => halt("x"));
    it.get("/pass", ({ pass }) => pass());
    it.get("/send-error", ({ sendError }) => sendError("x", 409));
    it.get("/hook", () => "x");
  });

  it.each([
    ["/throws", 500, ["route: Error: in a route", "handler: Error: in a route"]],
    ["/rejects", 500, ["route: Error: later", "handler: Error: later"]],
    ["/text", 500, ["route: plain text", "handler: plain text"]],
    ["/nothing", 500, ["route: undefined", "handler: undefined"]],
    ["/hook", 500, ["handler: Error: in a hook"]],
    ["/halt", 200, []],
    ["/pass", 404, []],
    ["/send-error", 409, []],
    ["/nowhere", 404, []],
  ])("%s answers %i and is heard of as it should", async (path, status, heard) => {
    events.length = 0;
    expect((await visit(app).get(path)).status).toBe(status);
    expect(events).toEqual(heard);
  });

  it.each(["on_route_exception", "on_handler_exception"] as const)(
    "a halt in %s answers in the error's place",
    async (name) => {
      const halting = createApp({ session: null }, (it) => {
        it.hook(name, async ({ halt, status }) => {
          await Promise.resolve();
          status(418);
          halt("teapot");
        });
        it.get("/", () => {
          throw new Error("x");
        });
      });
      const reply = await visit(halting).get("/");
      expect([reply.status, reply.text]).toEqual([418, "teapot"]);
    },
  );

  it("an exception in on_handler_exception is logged beside the first", async () => {
    const failing = createApp({ session: null }, (it) => {
      it.hook("on_handler_exception", () => {
        throw new Error("second");
      });
      it.get("/", () => {
        throw new Error("first");
      });
    });
    expect((await visit(failing).get("/")).status).toBe(500);
    expect(logged(failing, "error")).toEqual([
      "request to GET / crashed: first",
      "request to GET / crashed: second",
    ]);
  });
});

describe("a hook around the page of a sendError", () => {
  const { app } = appThat((it) => {
    it.hook("before_error_render", ({ request, halt, forward, sendError }) => {
      if (request.path === "/own") halt("a page of our own");
      if (request.path === "/elsewhere") forward("/help");
      if (request.path === "/again") sendError("again", 410);
    });
    for (const path of ["/own", "/elsewhere", "/again"]) {
      it.get(path, ({ sendError }) => sendError("x", 409));
    }
    it.get("/help", () => "help");
  });

  it.each([
    ["/own", 409, "a page of our own"],
    ["/elsewhere", 200, "help"],
  ])("may answer in its place: %s", async (path, status, text) => {
    const reply = await visit(app).get(path);
    expect([reply.status, reply.text]).toEqual([status, text]);
  });

  it("that sends errors itself does so once", async () => {
    const reply = await visit(app).get("/again");
    expect([reply.status, reply.text]).toEqual([410, expect.stringMatching(/^Error 410\n/)]);
  });
});

describe("request.pathInfo", () => {
  let ran = 0;
  const { app } = appThat((it) => {
    it.hook("before", ({ request, route, header }) => {
      if (request.path === "/old") request.pathInfo = "/new/€";
      if (request.path === "/away") request.pathInfo = "/nowhere";
      if (request.path === "/refused") request.pathInfo = "/new/x";
      header("X-Route", route?.pattern ?? "none");
    });
    it.hook("before", ({ request, redirect }) => {
      if (request.path === "/refused") redirect("/login");
    });
    it.get("/new/:name", ({ params, request }) => {
      ran += 1;
      return `${params.name} ${request.path} ${request.pathInfo}`;
    });
  });

  it("set by a before hook has another route answer, with its own parameters", async () => {
    const reply = await visit(app).get("/old");
    expect([reply.text, reply.header("x-route")]).toEqual(["€ /old /new/€", "/new/:name"]);
  });

  it("set to what no route answers is 404", async () => {
    expect((await visit(app).get("/away")).status).toBe(404);
  });

  it("SEC-810 does not undo a refusal", async () => {
    ran = 0;
    const reply = await visit(app).get("/refused");
    expect([reply.status, reply.header("location"), ran]).toEqual([
      302,
      "https://app.test/login",
      0,
    ]);
  });
});

describe("on_reset_state", () => {
  it("runs for files and forwards as well, and tells a forward", async () => {
    const { app, events } = appThat((it, seen) => {
      it.hook("on_reset_state", ({ request }) =>
        seen.push(`${request.path} ${String(request.isForward)}`),
      );
      it.get("/a", ({ forward }) => forward("/b"));
      it.get("/b", () => "b");
    });
    await visit(app).get("/a");
    expect(events).toEqual(["/a false", "/b true"]);
  });
});

describe("cookies of several values", () => {
  const app = createApp({ session: null }, (it) => {
    it.get("/set", ({ cookie }) => {
      cookie("list", ["a", "b&c", "€"]);
      cookie("map", { k: "v 1" });
      return cookie("list");
    });
    it.get("/", ({ cookie, request }) =>
      [cookie("list"), ...request.cookieArray("list")].join("|"),
    );
    it.get("/map", ({ request }) => request.cookieArray("map").join("|"));
    it.get("/none", ({ request }) => String(request.cookieArray("constructor").length));
  });

  it("give the first to cookie() and all to cookieArray()", async () => {
    const client = visit(app);
    expect((await client.get("/set")).text).toBe("a");
    expect((await client.get("/")).text).toBe("a|a|b&c|€");
    expect((await client.get("/map")).text).toBe("k|v 1");
    expect((await client.get("/none")).text).toBe("0");
  });
});
