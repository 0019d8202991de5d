/** An app as tests have it: its log kept, its clock movable, a throw-away key, served on free ports. */
import { randomBytes } from "node:crypto";
import type { Socket } from "node:net";
import type { App } from "../app.ts";
import { createCaptureLogger } from "../engines/logger/capture.ts";
import { EngineError, QuickstepError } from "../errors.ts";
import { RequestProgress } from "../request-progress.ts";
import { Response } from "../response/response.ts";
import { listen, type RunningServer } from "../server/server.ts";
import type { Session } from "../session/session.ts";
import type { SessionRequest } from "../session/session-headers.ts";
import type { SessionLifeCycle } from "../session/session-life-cycle.ts";
import { Clock } from "./clock.ts";
import type { CookieJar } from "./cookie-jar.ts";

const known = new WeakMap<App, AppUnderTest>();

/** What every client of one app shares. */
export class AppUnderTest {
  /** The app's clock. */
  readonly clock: Clock;
  /** What the app logs. */
  readonly log = createCaptureLogger();
  readonly #app: App;
  readonly #servers = new Map<boolean, Promise<RunningServer>>();
  #ready: Promise<void> | undefined;

  /** The one of this app, made when it is first asked for. @throws QuickstepError `client-too-late`. */
  static of(app: App): AppUnderTest {
    const found = known.get(app);
    if (found !== undefined) return found;
    const made = new AppUnderTest(app);
    known.set(app, made);
    return made;
  }

  private constructor(app: App) {
    if (app.runtime.parts !== undefined) {
      throw new QuickstepError(
        "client-too-late",
        "the app has started already, with its own clock and log; make the first client before that",
      );
    }
    this.#app = app;
    const { options } = app.runtime;
    this.clock = new Clock(options.now);
    app.runtime.options = {
      ...options,
      now: this.clock.now,
      env: options.env ?? testEnvironment(),
    };
    app.engine("logger").register("capture", () => this.log);
  }

  /** Starts the app and gives the port on which it listens; `secure` is where requests seem to come over TLS. */
  async port(secure: boolean): Promise<number> {
    await (this.#ready ??= this.#start());
    let server = this.#servers.get(secure);
    if (server === undefined) this.#servers.set(secure, (server = this.#listen(secure)));
    return (await server).port;
  }

  /** What a visitor's session holds. */
  async readSession(jar: CookieJar, origin: string): Promise<Record<string, unknown>> {
    const { session } = await this.#open(jar, origin);
    return session.toJSON();
  }

  /** Writes to a visitor's session, new or not, as a handler would. */
  async writeSession(jar: CookieJar, origin: string, data: object): Promise<void> {
    const { session, sessions, request, url } = await this.#open(jar, origin);
    for (const [key, value] of Object.entries(data)) session.set(key as never, value as never);
    const response = new Response();
    await sessions.settle(session, request, response, false);
    for (const text of response.headerValues("Set-Cookie")) jar.store(url, text);
  }

  /** Stops serving and lets go of the app's engines. */
  async close(): Promise<void> {
    const servers = await Promise.all(this.#servers.values());
    this.#servers.clear();
    await Promise.all(servers.map((server) => server.stop()));
    await this.#app.close();
  }

  async #start(): Promise<void> {
    const app = this.#app;
    if (app.config.origin("logger")?.layer !== "code") app.set("logger", "capture");
    if (app.settings.session === "cookie" && app.settings.session_cookie_key === null) {
      app.set("session_cookie_key", newKey());
    }
    await app.start();
  }

  async #listen(secure: boolean): Promise<RunningServer> {
    const app = this.#app;
    const running = await listen({
      listener: app.listener,
      settings: { ...app.settings, server: "127.0.0.1", port: 0 },
      log: (level, message) => app.log(level, message),
      close: () => Promise.resolve(),
    });
    // A test that forgets to close its client ends all the same.
    running.server.unref();
    running.server.prependListener("connection", (socket: Socket) => {
      socket.unref();
      if (secure) Object.assign(socket, { encrypted: true });
    });
    return running;
  }

  async #open(
    jar: CookieJar,
    origin: string,
  ): Promise<{
    session: Session;
    sessions: SessionLifeCycle;
    request: SessionRequest;
    url: string;
  }> {
    await (this.#ready ??= this.#start());
    const sessions = this.#app.runtime.parts?.sessions;
    if (sessions === undefined) {
      throw new EngineError("session-off", "sessions are off, so there is none to read or write");
    }
    const url = new URL(this.#app.settings.session_cookie_path, origin).href;
    const cookies = jar.header(url);
    const request = {
      headers: { cookie: cookies === "" ? undefined : cookies },
      method: "GET",
      secure: url.startsWith("https:"),
    };
    const progress = new RequestProgress();
    await sessions.load(request, progress);
    return { session: sessions.current(request, progress), sessions, request, url };
  }
}

/** The process's variables, in the environment `test` and with a throw-away key unless they say otherwise. */
function testEnvironment(): NodeJS.ProcessEnv {
  return { NODE_ENV: "test", SESSION_COOKIE_KEY: newKey(), ...process.env };
}

function newKey(): string {
  return `base64:${randomBytes(32).toString("base64")}`;
}
