/** Dancer's suite "hooks-halt-redirect": before hooks that answer. */
import type { App } from "../../../src/app.ts";
import type { Context } from "../../../src/context.ts";

const routes =
  "halt halt-empty halt-type redir redir301 redir303 return status rewrite target loop content error die login";

export default function define(app: App): void {
  app.hook("before", (ctx) => answers[ctx.request.pathInfo]?.(ctx));
  app.hook("before", ({ header }) => header("X-Second", "ran"));
  app.hook("after", ({ header }) => header("X-After", "ran"));

  for (const name of routes.split(" ")) {
    app.get(`/${name}`, ({ request }) => `route ${request.path} ${request.pathInfo}`);
  }
}

const answers: Readonly<Record<string, (ctx: Context) => unknown>> = {
  "/halt": ({ status, halt }) => {
    status(401);
    halt("who are you?");
  },
  "/halt-empty": ({ halt }) => halt(),
  "/halt-type": ({ contentType, header, halt }) => {
    contentType("text/plain");
    header("X-Why", "because");
    halt("plain");
  },
  "/redir": ({ redirect }) => redirect("/login"),
  "/redir301": ({ redirect }) => redirect("/moved", 301),
  "/redir303": ({ redirect }) => redirect("/other", 303),
  "/return": () => "ignored",
  "/status": ({ status }) => status(402),
  "/rewrite": ({ request }) => (request.pathInfo = "/target"),
  "/to-404": ({ request }) => (request.pathInfo = "/nowhere"),
  "/loop": ({ request }) => (request.pathInfo = "/loop2"),
  "/loop2": ({ request }) => (request.pathInfo = "/loop"),
  "/content": ({ response }) => (response.content = "set by hook"),
  "/no-route": ({ halt }) => halt("halted before 404"),
  "/error": ({ sendError }) => sendError("hook says no", 403),
  "/die": () => {
    throw new Error("hook died");
  },
};
