/** The app: its routes and hooks. */
import { resolve } from "node:path";
import {
  app,
  get,
  hook,
  info,
  param,
  post,
  redirect,
  sendError,
  session,
  setting,
  status,
  template,
} from "quickstep";
import { Accounts } from "./accounts.ts";

declare module "quickstep" {
  interface SessionData {
    /** The name of the account, once its owner has logged in. */
    user: string;
  }
  interface Settings {
    readonly app: { readonly name: string; readonly accounts: string | null };
  }
}

const accounts = new Accounts(() => {
  const { accounts: file } = setting("app");
  return file === null ? null : resolve(setting("appdir"), file);
});

// What the layout shows on every page.
hook("before_template_render", (_ctx, tokens) => {
  tokens["user"] = session("user");
  tokens["notice"] = session().flash("notice");
});

// Together with the session cookie's SameSite=Lax: no other site can send our forms.
hook("before", ({ request }) => {
  if (["GET", "HEAD", "OPTIONS"].includes(request.method)) return;
  const site = request.header("sec-fetch-site");
  const origin = request.header("origin")?.replace(/^https?:\/\//, "") ?? request.host;
  const isOurs = site === undefined ? origin === request.host : site === "same-origin";
  if (!isOurs) sendError("this was sent from another site", 403);
});

get("/", () => template("index"));

get("/health", { session: false }, () => ({ status: "ok" }));

get("/account", () => {
  if (session("user") === undefined) return redirect("/login", 303);
  return template("account", { title: "Your account" });
});

get("/signup", () => template("signup", { title: "Sign up" }));

post("/signup", async () => {
  const name = param("name") ?? "";
  const problem = await accounts.signUp(name, param("password") ?? "");
  if (problem !== undefined) {
    status(422);
    return template("signup", { title: "Sign up", name, problem });
  }
  return welcome(name, `Welcome, ${name}.`);
});

get("/login", () => template("login", { title: "Log in" }));

post("/login", async () => {
  const name = param("name") ?? "";
  if (!(await accounts.opens(name, param("password") ?? ""))) {
    status(401);
    const problem = "This name and password do not belong together.";
    return template("login", { title: "Log in", name, problem });
  }
  return welcome(name, `Good to see you, ${name}.`);
});

post("/logout", () => {
  session().destroy();
  session().flash("notice", "You are logged out.");
  return redirect("/", 303);
});

export { app };

/** A change of privilege: the id that was there before is worth nothing now. */
function welcome(name: string, notice: string): void {
  session().regenerate();
  session("user", name);
  session().flash("notice", notice);
  info(`${name} logged in`);
  redirect("/account", 303);
}
