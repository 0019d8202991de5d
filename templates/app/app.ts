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
  session,
  setting,
  status,
  template,
} from "quickstep";
import { auth } from "quickstep/auth";
import { csrf } from "quickstep/csrf";
import { Accounts } from "./accounts.ts";

declare module "quickstep" {
  interface Settings {
    readonly app: { readonly name: string; readonly accounts: string | null };
  }
}

// No other site can send our forms.
csrf(app);
const { login, logout, requireLogin, user, wayBack } = auth(app);

const accounts = new Accounts(() => {
  const { accounts: file } = setting("app");
  return file === null ? null : resolve(setting("appdir"), file);
});

// What the layout shows on every page.
hook("before_template_render", (_ctx, tokens) => {
  tokens["user"] = user();
  tokens["notice"] = session().flash("notice");
});

get("/", () => template("index"));

get("/health", { session: false }, () => ({ status: "ok" }));

get(
  "/account",
  requireLogin(() => template("account", { title: "Your account" })),
);

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
  logout();
  session().flash("notice", "You are logged out.");
  return redirect("/", 303);
});

export { app };

/** Logs in, and leads back to the page that wanted a login. */
function welcome(name: string, notice: string): void {
  login(name);
  session().flash("notice", notice);
  info(`${name} logged in`);
  redirect(wayBack("/account"), 303);
}
