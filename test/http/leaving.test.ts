import { describe, expect, it } from "vitest";
import type { App } from "../../src/app.ts";
import type { Context } from "../../src/context.ts";
import { createApp, logged, visit } from "../support/app.ts";
import { appWith, ask, whileServing } from "./support.ts";

const form = { headers: { "content-type": "application/x-www-form-urlencoded" } };

/** An app whose after hooks leave a mark for each run. */
function marked(define: (app: App) => void, files: Record<string, string> = {}): App {
  return appWith(files, (app) => {
    app.hook("after", ({ pushHeader, request }) => pushHeader("X-After", request.path));
    define(app);
  });
}

describe("halt", () => {
  let ran = 0;
  const stop = (halt: Context["halt"]): never => halt("from inside");
  const app = marked((it) => {
    it.get("/plain", ({ halt }) => {
      halt("stopped");
      ran += 1;
    });
    it.get("/status", ({ status, halt }) => (status(403), halt("forbidden")));
    it.get("/header", ({ header, contentType, cookie, halt }) => {
      header("X-Kept", "yes");
      contentType("json");
      cookie("c", "v");
      return halt('{"halted":true}');
    });
    it.get("/empty", ({ halt }) => halt());
    it.get("/zero", ({ halt }) => halt(0));
    it.get("/data", ({ halt }) => halt({ a: 1 }));
    it.get("/inner", ({ halt }) => stop(halt));
    it.get("/later", async ({ halt }) => {
      await Promise.resolve();
      halt("later");
    });
    it.get("/caught", ({ halt }) => {
      try {
        return halt("lost");
      } catch {
        return "went on";
      }
    });
    it.get("/redirected", ({ redirect, halt }) => (redirect("/there"), halt("moved")));
    it.get("/function", ({ halt }) => halt(() => "no"));
  });

  it.each([
    ["/plain", 200, "stopped", "text/html; charset=utf-8"],
    ["/status", 403, "forbidden", "text/html; charset=utf-8"],
    ["/header", 200, '{"halted":true}', "application/json; charset=utf-8"],
    ["/empty", 200, "", "text/html; charset=utf-8"],
    ["/zero", 200, "0", "text/html; charset=utf-8"],
    ["/data", 200, '{"a":1}', "application/json; charset=utf-8"],
    ["/inner", 200, "from inside", "text/html; charset=utf-8"],
    ["/later", 200, "later", "text/html; charset=utf-8"],
    ["/redirected", 302, "moved", "text/html; charset=utf-8"],
  ])("at %s answers %i and skips the after hooks", async (path, status, body, type) => {
    const reply = await visit(app).get(path);
    expect([reply.status, reply.text, reply.header("content-type")]).toEqual([status, body, type]);
    expect(reply.header("x-after")).toBeUndefined();
    expect(ran).toBe(0);
  });

  it("keeps headers and cookies", async () => {
    const reply = await visit(app).get("/header");
    expect([reply.header("x-kept"), reply.setCookies]).toEqual(["yes", ["c=v; Path=/; HttpOnly"]]);
  });

  it("that the handler catches is as if nothing had happened", async () => {
    const reply = await visit(app).get("/caught");
    expect([reply.text, reply.header("x-after")]).toEqual(["went on", "/caught"]);
  });

  it("with what cannot be sent is an error", async () => {
    expect((await visit(app).get("/function")).status).toBe(500);
  });
});

describe("redirect", () => {
  const host = "http://app.test";
  it.each<[string, string, number | string | undefined, number, string]>([
    ["an absolute URL", "http://other.test/x?y=1#z", undefined, 302, "http://other.test/x?y=1#z"],
    ["a path", "/place", undefined, 302, `${host}/place`],
    ["a relative path, from the root", "place", undefined, 302, `${host}/place`],
    ["dots, unresolved", "../up", undefined, 302, `${host}/../up`],
    [
      "a query, escaped",
      "/place?a=1&b=two words",
      undefined,
      302,
      `${host}/place?a=1&b=two%20words`,
    ],
    ["a fragment", "/place#part", undefined, 302, `${host}/place#part`],
    ["escapes, kept", "/a%20b", undefined, 302, `${host}/a%20b`],
    ["letters beyond ASCII, escaped", "/é", undefined, 302, `${host}/%C3%A9`],
    [
      "two slashes, as a path of this host",
      "//other.test/x",
      undefined,
      302,
      `${host}//other.test/x`,
    ],
    ["a backslash, escaped", "/\\other.test", undefined, 302, `${host}/%5Cother.test`],
    ["another scheme", "mailto:ann@x.test", undefined, 302, "mailto:ann@x.test"],
    ["the root", "/", undefined, 302, `${host}/`],
    ["nothing", "", undefined, 302, `${host}/`],
    ["301", "/place", 301, 301, `${host}/place`],
    ["303", "/place", 303, 303, `${host}/place`],
    ["307", "/place", 307, 307, `${host}/place`],
    ["308", "/place", 308, 308, `${host}/place`],
    ["a status by name", "/place", "moved_permanently", 301, `${host}/place`],
  ])("goes to %s", async (_, target, given, status, location) => {
    const app = marked((it) => it.get("/", ({ redirect }) => redirect(target, given)));
    const reply = await whileServing(app, (port) => ask(port, "/"));
    expect([reply.status, reply.headers["location"], reply.body]).toEqual([status, location, ""]);
    expect(reply.headers["content-length"]).toBe("0");
    expect(reply.headers["x-after"]).toBe("/");
  });

  const app = marked((it) => {
    it.get("/goes-on", ({ redirect, header }) => {
      redirect("/place");
      header("X-Went", "on");
      return "a body of its own";
    });
    it.get("/twice", ({ redirect }) => (redirect("/first"), redirect("/second")));
    it.get("/then-status", ({ redirect, status }) => {
      redirect("/place");
      status(200);
      return "changed my mind";
    });
    it.get("/cookie", ({ redirect, cookie }) => (cookie("flash", "saved"), redirect("/place")));
    it.get("/bad/:status", ({ redirect, params }) => redirect("/place", params.status));
    it.get("/user", ({ redirect, param }) => redirect(param("to") ?? ""));
    it.post("/post", ({ redirect }) => redirect("/place"));
  });

  it("lets the handler go on", async () => {
    const reply = await visit(app).get("/goes-on");
    expect([reply.status, reply.header("x-went"), reply.text]).toEqual([
      302,
      "on",
      "a body of its own",
    ]);
    expect((await visit(app).get("/then-status")).status).toBe(200);
  });

  it("counts as it was said last, and keeps cookies", async () => {
    const reply = await visit(app).get("/twice");
    expect([reply.header("location"), reply.text]).toEqual(["https://app.test/second", ""]);
    const cookie = await visit(app).get("/cookie");
    expect([cookie.status, cookie.setCookies]).toEqual([302, ["flash=saved; Path=/; HttpOnly"]]);
    expect((await visit(app).post("/post")).status).toBe(302);
  });

  it("uses the Host header, and refuses one that is no host", async () => {
    await whileServing(app, async (port) => {
      const good = await fetch(`http://127.0.0.1:${port}/cookie`, { redirect: "manual" });
      expect(good.headers.get("location")).toBe(`http://127.0.0.1:${port}/place`);
    });
    for (const bad of ["evil.test/x", "a b", "evil.test\\@x", "x@evil.test"]) {
      const reply = await visit(app).get("/cookie", { headers: { host: bad } });
      expect([bad, reply.status, reply.header("location")]).toEqual([bad, 400, undefined]);
    }
  });

  it.each(["200", "299", "400", "bogus"])("refuses the status %s", async (status) => {
    const reply = await visit(app).get(`/bad/${status}`);
    expect([reply.status, reply.header("location")]).toEqual([500, undefined]);
  });
});

describe("pass", () => {
  it("goes to the next route that matches, whatever its shape, and hooks run once", async () => {
    const seen: string[] = [];
    const app = createApp({ session: null }, (it) => {
      it.hook("before", () => seen.push("before"));
      it.hook("after", () => seen.push("after"));
      it.get("/a/:x", ({ pass, params }) => {
        seen.push(params.x);
        return pass();
      });
      it.get(/\/a\/(.*)/, async ({ pass, splat }) => {
        await Promise.resolve();
        seen.push(String(splat[0]));
        return pass();
      });
      it.get("/a/*", ({ splat, params }) => `${JSON.stringify(splat)} ${JSON.stringify(params)}`);
    });
    expect((await visit(app).get("/a/b")).text).toBe('["b"] {}');
    expect(seen).toEqual(["before", "b", "b", "after"]);
  });

  it("keeps what the route that passed has set", async () => {
    const app = createApp({ session: null }, (it) => {
      it.get("/*", ({ header, status, pass }) => (header("X-A", 1), status(202), pass()));
      it.get("/x", () => "x");
    });
    const reply = await visit(app).get("/x");
    expect([reply.status, reply.header("x-a"), reply.text]).toEqual([202, "1", "x"]);
  });

  it("to nothing is 404, and in a hook an error", async () => {
    const app = createApp({ session: null }, (it) => {
      it.hook("before", ({ request, pass }) => {
        if (request.path === "/hook") pass();
      });
      it.get("/*", ({ pass }) => pass());
    });
    expect((await visit(app).get("/x")).status).toBe(404);
    expect((await visit(app).get("/hook")).status).toBe(500);
    expect(logged(app, "error")).toEqual([
      "request to GET /hook crashed: pass() works in a route only",
    ]);
  });
});

describe("forward", () => {
  let before = 0;
  const target = ({ request, allParams }: Context): string => {
    const pairs = Object.entries(allParams()).map(([name, value]) => `${name}=${String(value)}`);
    return `${request.method} ${request.path} {${pairs.sort().join(",")}}`;
  };
  const app = marked(
    (it) => {
      it.hook("before", ({ header }) => header("X-Before", ++before));
      it.any("/target", target);
      it.get("/simple", ({ forward }) => forward("/target"));
      it.get("/with", ({ forward }) => forward("/target", { extra: "1", q: "new" }));
      it.post("/post", ({ forward }) => forward("/target", { extra: "1" }));
      it.post("/to-get", ({ forward }) => forward("/target", {}, { method: "GET" }));
      it.get("/to-post", ({ forward }) => forward("/target", { made: "up" }, { method: "post" }));
      it.get("/tok/:id", ({ forward, params }) => forward(`/show/${params.id}-x`));
      it.get("/show/:what", target);
      it.get("/gone", ({ forward }) => forward("/does/not/exist"));
      it.get("/file", ({ forward }) => forward("/file.txt"));
      it.get("/var", (ctx) => (ctx.var("kept", "yes"), ctx.forward("/readvar")));
      it.get("/readvar", (ctx) => `var ${(ctx.var("kept") ?? "lost") as string}`);
      it.get("/headers", ({ header, status, cookie, forward }) => {
        header("X-Lost", "1");
        status(202);
        cookie("lost", "1");
        return forward("/target");
      });
      it.get("/one", ({ forward }) => forward("/two"));
      it.get("/two", async ({ forward }) => {
        await Promise.resolve();
        return forward("/three");
      });
      it.get("/three", ({ request }) => `three ${request.path} ${request.uri}`);
      it.post("/body", ({ forward }) => forward("/rawbody"));
      it.any("/rawbody", ({ request, param }) => `raw[${request.body}] form[${param("a") ?? ""}]`);
      it.get("/query", ({ forward }) => forward("/target?x=1"));
      it.get("/dies", ({ forward }) => forward("/dead"));
      it.get("/dead", () => {
        throw new Error("dead");
      });
      it.get("/redirs", ({ forward }) => forward("/redirecting"));
      it.get("/redirecting", ({ redirect }) => redirect("/final"));
      it.get("/halts", ({ forward }) => forward("/halted"));
      it.get("/halted", ({ halt }) => halt("halted"));
      it.get("/loop", ({ forward }) => forward("/loop"));
      it.get("/percent", ({ forward }) => forward("/show/100% %41 ü", { q: "%41" }));
    },
    { "public/file.txt": "static text\n" },
  );

  it.each([
    ["/simple", 200, "GET /target {}", "/target, /target"],
    ["/simple?q=1&r=2", 200, "GET /target {q=1,r=2}", "/target, /target"],
    ["/with?q=old&r=2", 200, "GET /target {extra=1,q=new,r=2}", "/target, /target"],
    ["/to-post?q=1", 200, "POST /target {made=up,q=1}", "/target, /target"],
    ["/tok/5", 200, "GET /show/5-x {id=5,what=5-x}", "/show/5-x, /show/5-x"],
    ["/file", 200, "static text\n", "/file.txt"],
    ["/var", 200, "var yes", "/readvar, /readvar"],
    ["/one", 200, "three /three /one", "/three, /three, /three"],
    ["/query?y=2", 200, "GET /target {x=1,y=2}", "/target, /target"],
    ["/redirs", 302, "", "/redirecting, /redirecting"],
    ["/halts", 200, "halted", "/halted"],
  ])("from %s runs the after hooks of both requests", async (path, status, body, after) => {
    const reply = await visit(app).get(path);
    expect([reply.status, reply.text, reply.header("x-after")]).toEqual([status, body, after]);
  });

  it("runs the before hooks again", async () => {
    before = 0;
    expect((await visit(app).get("/one")).header("x-before")).toBe("3");
  });

  it("answers what is missing or fails with one error page", async () => {
    const gone = await visit(app).get("/gone");
    expect([gone.status, gone.header("x-after")]).toEqual([404, "/does/not/exist"]);
    const dead = await visit(app).get("/dies");
    expect([dead.status, dead.header("x-after")]).toEqual([500, "/dead"]);
  });

  it("takes the path as plain text, as Dancer does", async () => {
    const reply = await visit(app).get("/percent");
    expect(reply.text).toBe("GET /show/100% %41 ü {q=%41,what=100% %41 ü}");
  });

  it("loses headers, status and cookies that were set before", async () => {
    const reply = await visit(app).get("/headers");
    expect([reply.status, reply.header("x-lost"), reply.setCookies]).toEqual([200, undefined, []]);
  });

  it("keeps the form and the raw body", async () => {
    expect((await visit(app).post("/post", { body: "f=1", ...form })).text).toBe(
      "POST /target {extra=1,f=1}",
    );
    expect((await visit(app).post("/to-get", { body: "f=1", ...form })).text).toBe(
      "GET /target {f=1}",
    );
    expect((await visit(app).post("/body", { body: "a=7", ...form })).text).toBe(
      "raw[a=7] form[7]",
    );
  });

  it("in a circle is stopped", async () => {
    const reply = await visit(app).get("/loop");
    expect(reply.status).toBe(500);
    expect(logged(app, "error").filter((line) => line.includes("forwards"))).toEqual([
      'request to GET /loop crashed: more than 10 forwards in one request; the last went to "/loop"',
    ]);
  });

  it("in a circle of after hooks is stopped soon", async () => {
    let runs = 0;
    const circle = createApp({ session: null }, (it) => {
      it.hook("after", ({ forward }) => {
        runs += 1;
        return forward("/x");
      });
      it.get("/x", () => "x");
    });
    expect((await visit(circle).get("/x")).status).toBe(500);
    expect(runs).toBeLessThan(50);
  });

  it("in a before hook goes to a route whose own hooks can still refuse", async () => {
    const guarded = createApp({ session: null }, (it) => {
      it.hook("before", ({ request, forward }) => {
        if (request.path === "/old") forward("/secret");
      });
      it.hook("before", ({ request, status, halt }) => {
        if (request.path === "/secret") halt(`no ${status(403)}`);
      });
      it.get("/secret", () => "secret");
    });
    const reply = await visit(guarded).get("/old");
    expect([reply.status, reply.text]).toEqual([403, "no 403"]);
  });

  it("answers HEAD without a body and with its length", async () => {
    const raw = await whileServing(app, (port) => ask(port, "/simple", "HEAD"));
    expect([raw.status, raw.headers["content-length"], raw.body]).toEqual([200, "15", ""]);
  });
});

describe("sendError", () => {
  const app = marked((it) => {
    it.get("/plain", ({ sendError }) => sendError("not shown"));
    it.get("/code/:code", ({ sendError, params }) => sendError("not shown", params.code));
    it.get("/headers", ({ header, cookie, contentType, sendError }) => {
      header("X-Lost", 1);
      cookie("lost", "1");
      contentType("text/plain");
      sendError("x", 410);
      return "not reached";
    });
  });

  it.each([
    ["/plain", 500],
    ["/code/403", 403],
    ["/code/not_found", 404],
    ["/code/bogus", 500],
    ["/code/200", 200],
  ])("at %s answers a page with the status %i", async (path, status) => {
    const reply = await visit(app).get(path);
    expect([reply.status, reply.header("content-type")]).toEqual([
      status,
      "text/html; charset=utf-8",
    ]);
    expect(reply.text).toContain(`<title>Error ${status}</title>`);
    expect(reply.text).not.toContain("not shown");
    // As in Dancer, it is a route's answer: after hooks run.
    expect(reply.header("x-after")).toBe(path);
  });

  it("answers 500 for a status that no answer can have", async () => {
    expect((await visit(app).get("/code/150")).status).toBe(500);
  });

  it("loses headers and cookies that were set before", async () => {
    const reply = await visit(app).get("/headers");
    expect([reply.status, reply.header("x-lost"), reply.setCookies]).toEqual([410, undefined, []]);
    expect(reply.header("content-type")).toBe("text/html; charset=utf-8");
  });
});
