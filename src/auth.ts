/** `quickstep/auth`: logging in and out, and pages for those who have logged in. */
import type { Context } from "./context.ts";
import { contextFor } from "./current-context.ts";
import { HTTPError } from "./errors.ts";
import { definePlugin } from "./plugin.ts";
import { isLocalTarget } from "./response/redirect.ts";

/** The keywords of the plugin. Without `ctx` a word acts on the request being served. */
export interface AuthKeywords {
  /**
   * Logs a user in: the session gets a new id, so that one planted before is worth nothing, and its
   * life begins anew. `app.endSessions(user)` ends all sessions of a user.
   *
   * @param user a name or id as text; whether the password was right is the app's business
   * @throws SessionError `session-user-invalid`
   */
  readonly login: (user: string, options?: LoginOptions, ctx?: Context<unknown>) => void;
  /** Logs out: everything in the session is gone, its id and its cookie too. */
  readonly logout: (ctx?: Context<unknown>) => void;
  /** The user who has logged in, if anybody has. */
  readonly user: (ctx?: Context<unknown>) => string | undefined;
  /**
   * Makes a handler, or a `before` hook, one for users who have logged in; others go to the login page
   * and find their way back from there, and scripts that ask for something else than HTML get 401.
   *
   * @example
   * get("/account", requireLogin(() => template("account")));
   */
  readonly requireLogin: <P>(handler: (ctx: Context<P>) => unknown) => (ctx: Context<P>) => unknown;
  /**
   * Where to go after the login: the page that asked for it, which the login page's address names in
   * `return_to`, or else this path. It is always a path of this app (SEC-808).
   */
  readonly wayBack: (otherwise?: string, ctx?: Context<unknown>) => string;
}

/** How a login differs from a plain one. */
export interface LoginOptions {
  /** "Remember me": the session outlives the browser and may go unused this long: `"30 days"`. */
  readonly remember?: number | string;
}

/**
 * Gives an app the words for logging in and out. The login page is `/login`, or `login_page` of the
 * plugin's settings. Let its form keep the address's query, which it does without an `action`.
 *
 * Hash passwords with `crypto.scrypt` as `example-app/accounts.ts` does, or with the package argon2.
 *
 * @example
 * const { login, logout, requireLogin, wayBack } = auth(app);
 * post("/login", async () => {
 *   const name = param("name") ?? "";
 *   if (!(await accounts.opens(name, param("password") ?? ""))) return template("login");
 *   login(name);
 *   return redirect(wayBack("/account"), 303);
 * });
 */
export const auth = definePlugin<AuthKeywords>({
  name: "Auth",
  setup: (tools) => ({
    login: (user, { remember } = {}, ctx = contextFor("login")) => {
      const session = ctx.session();
      session.bind(user);
      session.expires(remember ?? null);
    },
    logout: (ctx = contextFor("logout")) => ctx.session().destroy(),
    user: (ctx = contextFor("user")) => ctx.session().user,
    requireLogin: (handler) => (ctx) =>
      ctx.session().user === undefined
        ? askToLogIn(ctx, loginPage(tools.settings["login_page"]))
        : handler(ctx),
    wayBack: (otherwise = "/", ctx = contextFor("wayBack")) => {
      const target = ctx.param("return_to") ?? "";
      return isLocalTarget(target) ? target : otherwise;
    },
  }),
});

function loginPage(setting: unknown): string {
  return typeof setting === "string" ? setting : "/login";
}

/** A form that came without a login is lost; leading back to its address would answer 405. */
function askToLogIn(ctx: Context<unknown>, page: string): void {
  const { method, uri, headers, scriptName } = ctx.request;
  if (!/^$|text\/html|\*\/\*/.test(headers.accept ?? "")) {
    throw new HTTPError(401, "this is for users who have logged in", {
      code: "login-required",
      headers: { "WWW-Authenticate": "Session" },
    });
  }
  const back = method === "GET" || method === "HEAD" ? uri.slice(scriptName.length) : "";
  ctx.redirect(back === "" ? page : `${page}?return_to=${encodeURIComponent(back)}`, 303);
}
