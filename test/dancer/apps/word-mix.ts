/** Our own suite "word-mix": the words that shape an answer, in a hook and one after the other. */
import type { App } from "../../../src/app.ts";
import type { Context } from "../../../src/context.ts";
import { pairs } from "../support/show.ts";

const steps: Readonly<Record<string, (ctx: Context) => unknown>> = {
  cookie: ({ cookie }) => cookie("hook", "b"),
  header: ({ header }) => header("X-H", "before"),
  status: ({ status }) => status("accepted"),
  type: ({ contentType }) => contentType("text/plain"),
  var: (ctx) => ctx.var("v", "before"),
  session: ({ session }) => session("s", "before"),
  path: ({ request }) => (request.pathInfo = "/show"),
  push: ({ pushHeader }) => pushHeader("X-P", "b"),
  redir: ({ redirect }) => redirect("/show", 302),
  halt: ({ halt }) => halt("halted before"),
  content: ({ response }) => (response.content = "content before"),
};

const all = ({ allParams, paramArray }: Context<unknown>): string =>
  pairs(
    Object.fromEntries(
      Object.keys(allParams()).map((name) => {
        const values = paramArray(name);
        return [name, values.length > 1 ? values : values[0]];
      }),
    ),
  );

export default function define(app: App): void {
  app.set("show_errors", false);
  app.set("session", "simple");
  app.hook("before", (ctx) => {
    const wanted = ctx.request.header("x-before") ?? "";
    for (const [name, step] of Object.entries(steps)) if (wanted.includes(name)) step(ctx);
  });
  const get = (path: string, handler: (ctx: Context) => unknown): void => app.get(path, handler);
  const sets = (path: string, steps: (ctx: Context) => void, answer: unknown): void =>
    get(path, (ctx) => {
      steps(ctx);
      return answer;
    });

  app.any("/show", (ctx) =>
    [
      ctx.request.method,
      ctx.request.path,
      all(ctx),
      ctx.vars["v"] ?? "-",
      ctx.session("s") ?? "-",
    ].join("|"),
  );
  sets(
    "/kept",
    ({ header, pushHeader, cookie, contentType, status }) => {
      header("X-H", "route");
      pushHeader("X-P", "r");
      cookie("hook", "r");
      contentType("css");
      status(201);
    },
    "kept",
  );
  app.get("/p/:a", (ctx) => {
    ctx.header("X-H", "first");
    ctx.pushHeader("X-P", 1);
    ctx.cookie("one", 1);
    ctx.status(202);
    ctx.var("v", "passed");
    ctx.contentType("json");
    return ctx.pass();
  });
  app.get("/p/:b", ({ pushHeader, cookie, vars, params }) => {
    pushHeader("X-P", 2);
    cookie("two", 2);
    return `second ${String(vars["v"])} ${params.b}`;
  });
  get("/f1", (ctx) => {
    ctx.header("X-H", "f1");
    ctx.cookie("f1", 1);
    ctx.status(203);
    ctx.var("v", "f1");
    ctx.session("s", "f1");
    ctx.contentType("json");
    return ctx.forward("/f2", { x: "1" });
  });
  get("/f2", ({ header, cookie, forward }) => {
    header("X-H2", "f2");
    cookie("f2", 2);
    return forward("/show", { y: "2" });
  });
  app.post("/f3", ({ forward }) => forward("/show"));
  app.post("/f4", ({ forward }) => forward("/show", { a: "new" }, { method: "PUT" }));
  get("/f5/:id", ({ forward }) => forward("/f6/x"));
  get("/f6/:other", (ctx) => all(ctx));
  const forwards = (path: string, target: string): void =>
    get(path, ({ forward }) => forward(target));
  forwards("/f7", "/sub/a.txt");
  forwards("/f8", "/redir");
  forwards("/f9", "/haltx");
  forwards("/f10", "/err");
  forwards("/f11", "/view");
  forwards("/f12", "/p/z");
  forwards("/f13", "/empty");
  forwards("/f14", "show");
  get("/f15", ({ forward }) => forward("/show?l=1&l=2"));
  get("/f16", ({ forward }) => forward("/show", {}, { method: "POST" }));
  get("/f17", ({ forward }) => forward("/show", { u: "ü" }));
  forwards("/f18", "/f18b");
  app.post("/f18b", () => "only post");
  get("/f19", ({ status, forward }) => {
    status(404);
    return forward("/show");
  });
  forwards("/f20", "/st");
  get("/redir", ({ cookie, header, redirect }) => {
    cookie("r", 1);
    header("X-R", 1);
    return redirect("/to?x=1");
  });
  get("/haltx", ({ status, cookie, header, contentType, halt }) => {
    status(409);
    cookie("h", 1);
    header("X-X", 1);
    contentType("text/csv");
    return halt("a,b");
  });
  get("/err", ({ cookie, header, contentType, sendError }) => {
    cookie("e", 1);
    header("X-E", 1);
    contentType("text/csv");
    return sendError("x", 409);
  });
  get("/view", ({ status, cookie, contentType, template }) => {
    status(206);
    cookie("v", 1);
    contentType("text/x-view");
    return template("v", { n: 1 });
  });
  get("/empty", () => "");
  sets(
    "/st",
    ({ status, contentType }) => {
      status("not_found");
      contentType("text/plain");
    },
    "own 404",
  );
  sets(
    "/st2",
    ({ status, header }) => {
      status("no_content");
      header("X-A", 1);
    },
    "gone",
  );
  sets("/st3", ({ status }) => status("not_modified"), "gone");
  sets("/st4", ({ status }) => status("internal_server_error"), "own 500");
  sets("/st5", ({ status }) => status(404), "");
  sets("/st6", ({ status }) => status(404), undefined);
  get("/st7", ({ status, template }) => {
    status(500);
    return template("v", { n: 2 });
  });
  get("/st8", ({ status, redirect }) => {
    status(201);
    return redirect("/x");
  });
  sets(
    "/st9",
    ({ redirect, status }) => {
      redirect("/x", 303);
      status(200);
    },
    "body",
  );
  sets(
    "/st10",
    ({ redirect, contentType }) => {
      redirect("/x");
      contentType("text/plain");
    },
    "body",
  );
  get("/st11", ({ redirect }) => redirect("/x", "see_other"));
  const redirects = (path: string, then: (ctx: Context) => unknown, status = 302): void =>
    get(path, (ctx) => {
      ctx.redirect("/x", status);
      return then(ctx);
    });
  redirects("/st12", ({ halt }) => halt("stop"), 307);
  redirects("/st13", ({ sendError }) => sendError("x", 400));
  redirects("/st14", ({ pass }) => pass());
  redirects("/st15", ({ forward }) => forward("/show"));
  redirects("/st16", ({ sendFile }) => sendFile("sub/a.txt"));
  redirects("/st17", ({ template }) => template("v", { n: 3 }));
  sets(
    "/st18",
    ({ header, status }) => {
      header("Location", "/own");
      status(302);
    },
    "own",
  );
  sets(
    "/hd1",
    ({ headers }) => headers({ "X-One": 1, "Content-Type": "text/x-h", "X-Two": 2 }),
    "h",
  );
  sets("/hd2", ({ header }) => header("Set-Cookie", "raw=1; path=/"), "h");
  sets(
    "/hd3",
    ({ header, cookie }) => {
      header("Set-Cookie", "raw=1");
      cookie("own", 1);
    },
    "h",
  );
  sets(
    "/hd4",
    ({ pushHeader }) => {
      pushHeader("Set-Cookie", "a=1");
      pushHeader("Set-Cookie", "b=2");
    },
    "h",
  );
  sets(
    "/hd5",
    ({ header, contentType }) => {
      header("Content-Disposition", 'attachment; filename="x.csv"');
      contentType("csv");
    },
    "a,b\n",
  );
  sets(
    "/hd6",
    ({ header }) => {
      header("Content-Language", "de");
      header("Last-Modified", "Mon, 01 Jan 2024 00:00:00 GMT");
    },
    "h",
  );
  sets(
    "/hd7",
    ({ header, status }) => {
      header("WWW-Authenticate", 'Basic realm="x"');
      status(401);
    },
    "who",
  );
  sets(
    "/hd8",
    ({ header, status }) => {
      header("Allow", "GET");
      status(405);
    },
    "no",
  );
  sets(
    "/hd9",
    ({ header }) => {
      header("X-Zero", 0);
      header("X-Space", " a  b ");
    },
    "h",
  );
  const types = [
    ["html", "x"],
    ["text/html; charset=utf-16", "x"],
    ["application/javascript", "x"],
    ["image/svg+xml", "<svg/>"],
    ["application/xhtml+xml", "<p/>"],
    ["js", "x"],
    ["nosuchtype", "x"],
    ["pdf", "x"],
    ["TEXT/PLAIN", "x"],
    ["application/json", "ü"],
    ["application/octet-stream", Buffer.from("ü", "latin1")],
    ["text/plain;charset=UTF-8", "ü"],
  ] as const;
  types.forEach(([type, answer], at) =>
    sets(`/ct${at + 1}`, ({ contentType }) => contentType(type), answer),
  );
  get("/ct13", ({ contentType }) => {
    contentType("txt");
    return `[${contentType() ?? ""}]`;
  });
  get("/ct14", ({ contentType }) => (contentType() === undefined ? "unset" : "set"));
  sets(
    "/ck1",
    ({ cookie }) =>
      cookie("a", 1, {
        expires: "1 hour",
        path: "/x",
        domain: "app.test",
        secure: true,
        httpOnly: false,
        sameSite: "Lax",
      }),
    "c",
  );
  sets(
    "/ck2",
    ({ cookie }) => {
      cookie("a", 1);
      cookie("a", 2, { path: "/y" });
    },
    "c",
  );
  get("/ck3", ({ cookie, halt }) => {
    cookie("a", 1);
    return halt("h");
  });
  get("/ck4", ({ cookie, sendFile }) => {
    cookie("a", 1);
    return sendFile("sub/a.txt");
  });
  get("/ck5", ({ cookie }) => {
    cookie("a", 1);
    return cookie("a");
  });
  get("/ck6", ({ cookie }) => {
    const value = cookie("in");
    if (value !== undefined) cookie("out", value);
    return value ?? "none";
  });
  sets("/ck7", ({ cookie }) => cookie("a", { x: "1" }), "c");
  sets(
    "/ck10",
    ({ cookie }) => {
      cookie("a", 0);
      cookie("b", "0", { expires: 60 });
    },
    "c",
  );
  sets("/ck11", ({ cookie }) => cookie("a", 1, { expires: "-1 day" }), "c");
  get("/mm", () => ["html", "css", "txt", "nope"].map((n) => app.mimeTypes.forName(n)).join(","));
  get("/mf", () =>
    ["a.html", "b.css", "c.d.txt", "nope", "e.nope"].map((n) => app.mimeTypes.forFile(n)).join(","),
  );
  get("/uf", ({ uriFor }) =>
    uriFor("/x", { zz: 1, b: "two", a: [4, 3], B: "x y", 10: "t", 9: "n" }),
  );
  app.any("/body", ({ request }) => [request.contentType ?? "", request.contentLength].join("|"));
  get("/nums", () => 3.5);
  get("/neg", () => -1);
  get("/longl", () => "x".repeat(100_000));
}
