/** `quickstep/csrf`: refuses what another site's page makes a visitor's browser send. */
import { randomBytes, timingSafeEqual } from "node:crypto";
import type { App } from "./app.ts";
import type { Context } from "./context.ts";
import { contextFor } from "./current-context.ts";
import { ConfigError, HTTPError } from "./errors.ts";
import { definePlugin } from "./plugin.ts";
import { RoutePattern } from "./routing/route-pattern.ts";
import type { Session } from "./session/session.ts";
import { escapeHtml, raw, type RawHtml } from "./views/html.ts";

/** The keywords of the plugin. Without `ctx` a word acts on the request being served. */
export interface CsrfKeywords {
  /**
   * A token for the header `X-CSRF-Token` or the form field `csrf_token`, tied to the visitor's session,
   * which begins here if there was none, and written anew each time.
   */
  readonly csrfToken: (ctx?: Context<unknown>) => string;
  /** The token as a hidden form field. Templates have it as `csrf_field()`, and the token as `csrf_token()`. */
  readonly csrfField: (ctx?: Context<unknown>) => RawHtml;
  /** Lets requests to this path, a pattern as routes have it, come from anywhere: `csrfExempt("/webhooks/:name")`. */
  readonly csrfExempt: (path: string | RegExp) => void;
}

const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS", "TRACE"]);
const HALF = 32;

/**
 * Protects an app against cross-site request forgery (SEC-412).
 *
 * Every request with an unsafe method, whether a route answers it or not, must be shown to come from
 * the app's own pages: by `Sec-Fetch-Site` where the browser sends it, or by an `Origin` that is the
 * app's own, or by a token. What is refused gets 403, and is a security event, `csrf-refused`.
 *
 * `plugins: { CSRF: { trusted_origins: ["https://admin.shop.test"] } }` names other sites that may send.
 *
 * @example
 * const { csrfExempt } = csrf(app);
 * csrfExempt("/webhooks/:provider"); // it proves itself by a signature
 */
export const csrf = definePlugin<CsrfKeywords>({
  name: "CSRF",
  setup: (tools) => {
    const { app } = tools;
    const exempt: RoutePattern[] = [];
    let trusted: ReadonlySet<string> | undefined;
    app.hook("before", (ctx) => {
      const { method, pathInfo } = ctx.request;
      if (SAFE_METHODS.has(method)) return;
      if (exempt.some((pattern) => pattern.match(pathInfo) !== undefined)) return;
      trusted ??= trustedOrigins(tools.settings["trusted_origins"]);
      const problem = findProblem(ctx, trusted);
      if (problem !== undefined) refuse(app, problem);
    });
    app.hook("before_template_render", (ctx, tokens) => {
      // Functions, so that a page without a form needs no session.
      tokens["csrf_token"] ??= () => createToken(ctx.session());
      tokens["csrf_field"] ??= () => field(createToken(ctx.session()));
    });
    const token = (word: string, ctx: Context<unknown> | undefined): string =>
      createToken((ctx ?? contextFor(word)).session());
    return {
      csrfToken: (ctx) => token("csrfToken", ctx),
      csrfField: (ctx) => field(token("csrfField", ctx)),
      csrfExempt: (path) => void exempt.push(new RoutePattern(path)),
    };
  },
});

/** Why a request was refused, and what to do about it. */
const problems = {
  "cross-site":
    "it came from another site (Sec-Fetch-Site); if that site is yours, name it in plugins.CSRF.trusted_origins",
  "other-origin":
    "its Origin is not this app's address; behind a proxy, pass Host on and name the proxy in behind_proxy, and name other sites of yours in plugins.CSRF.trusted_origins",
  "token-missing":
    "nothing shows where it came from; send csrfToken() in the field csrf_token or the header X-CSRF-Token",
  "token-wrong": "its token is not one of this session; the form may be older than the login",
} as const;

type Problem = keyof typeof problems;

/** The browser's own word comes first: a page cannot forge it, and it costs no session. */
function findProblem(ctx: Context, trusted: ReadonlySet<string>): Problem | undefined {
  const { request } = ctx;
  const origin = request.header("origin");
  if (origin !== undefined && trusted.has(origin)) return undefined;
  const site = request.header("sec-fetch-site");
  if (site !== undefined) {
    return site === "same-origin" || site === "none" ? undefined : "cross-site";
  }
  // "null" says only that the browser does not want to tell.
  if (origin !== undefined && !["", "null"].includes(origin)) {
    return isOwn(origin, request) ? undefined : "other-origin";
  }
  const token = request.header("x-csrf-token") ?? request.params("body")["csrf_token"];
  if (typeof token !== "string" || token.length === 0) return "token-missing";
  return isToken(token, ctx.session()) ? undefined : "token-wrong";
}

function isOwn(origin: string, { secure, host }: Context["request"]): boolean {
  const own = `http${secure ? "s" : ""}://${host}`;
  if (!URL.canParse(own)) return false;
  if (origin === new URL(own).origin) return true;
  // A proxy that ends TLS and is not named in behind_proxy hides the scheme, not the host.
  return !secure && origin === new URL(`https://${host}`).origin;
}

function refuse(app: App, problem: Problem): never {
  app.securityEvents.report("csrf-refused", problem);
  throw new HTTPError(403, `the request was refused: ${problems[problem]}`, {
    code: "csrf-refused",
  });
}

/** Masked by a pad of its own, so that compressed pages do not give it away bit by bit (BREACH). */
function createToken(session: Session): string {
  const pad = randomBytes(HALF);
  return Buffer.concat([pad, xor(pad, session.secretFor("csrf"))]).toString("base64url");
}

function isToken(token: string, session: Session): boolean {
  const bytes = Buffer.from(token, "base64url");
  if (bytes.length !== 2 * HALF) return false;
  // A visitor without a session gets a new id here, to which no token belongs.
  const secret = xor(bytes.subarray(0, HALF), bytes.subarray(HALF));
  return timingSafeEqual(secret, session.secretFor("csrf"));
}

function xor(one: Buffer, other: Buffer): Buffer {
  return Buffer.from(one.map((byte, at) => byte ^ (other[at] ?? 0)));
}

function field(token: string): RawHtml {
  return raw(`<input type="hidden" name="csrf_token" value="${escapeHtml(token)}">`);
}

function trustedOrigins(setting: unknown = []): ReadonlySet<string> {
  const origins: readonly unknown[] = Array.isArray(setting) ? setting : [setting];
  for (const origin of origins) {
    if (typeof origin === "string" && URL.canParse(origin) && new URL(origin).origin === origin) {
      continue;
    }
    throw new ConfigError(
      "config-invalid",
      `plugins.CSRF.trusted_origins must name origins such as "https://admin.shop.test", got ${JSON.stringify(origin)}`,
    );
  }
  return new Set(origins as string[]);
}
