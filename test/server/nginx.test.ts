import { once } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import { request, type IncomingMessage } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CookieJar } from "../../src/testing/cookie-jar.ts";
import { newKey, tempFolder } from "../support/app.ts";
import { lacksNginx, startNginx } from "../support/nginx.ts";
import { lacksRedis, RedisServer } from "../support/redis.ts";
import { projectDir, runApp, type RunningApp } from "../support/run-app.ts";

// Below the project, so that its packages are found.
const folder = tempFolder({}, join(projectDir, "test"));
const script = join(folder, "main.ts");
writeFileSync(
  script,
  `import { app, dance, get, post, redirect, request, session } from "quickstep";
   import { csrf } from "quickstep/csrf";
   csrf(app);
   get("/set/:key", ({ params }) => { session(params.key, params.key); return String(process.pid); });
   get("/all", () => ({ pid: process.pid, session: session() }));
   get("/big/:bytes", ({ params }) => session("big", "x".repeat(Number(params.bytes))).length);
   get("/end", () => { session().destroy(); return "ended"; });
   get("/seen", () => {
     const { address, host, scheme, secure } = request();
     return { address, host, scheme, secure };
   });
   get("/away", () => redirect("/all"));
   post("/form", () => "taken");
   await dance();`,
);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const key = newKey();

/** Two processes of the app behind nginx, as docs/deployment.md has it, and how to stop all three. */
async function twoBehindNginx(config: string) {
  writeFileSync(join(folder, "config.yml"), `behind_proxy: [127.0.0.1]\n${config}\n`);
  const both = { NODE_ENV: "production", QUICKSTEP_SESSION_COOKIE_KEY: key };
  const apps: RunningApp[] = await Promise.all([runApp(script, both), runApp(script, both)]);
  const nginx = await startNginx(
    (port) => `
      upstream app { ${apps.map(({ url }) => `server 127.0.0.1:${new URL(url).port};`).join(" ")} }
      server {
        listen 127.0.0.1:${port};
        location / {
          proxy_pass http://app;
          proxy_http_version 1.1;
          proxy_set_header Connection "";
          proxy_set_header Host $http_host;
          proxy_set_header X-Forwarded-For $remote_addr;
          # TLS ends at a load balancer before this nginx.
          proxy_set_header X-Forwarded-Proto https;
          proxy_buffer_size 16k;
          proxy_buffers 8 16k;
        }
      }`,
  );
  return {
    apps,
    port: nginx.port,
    visitor: () => new Visitor(nginx.port),
    stop: async () => {
      await nginx.stop();
      for (const app of apps) expect(await app.stop()).toBe(0);
    },
  };
}

/** A browser reduced to its cookies, which believes to be at an https site. */
class Visitor {
  readonly jar = new CookieJar(Date.now);
  readonly #port: number;

  constructor(port: number) {
    this.#port = port;
  }

  async send(method: string, path: string, headers: Record<string, string> = {}) {
    const site = `https://localhost:${this.#port}`;
    const cookie = this.jar.header(site + path, { method, crossSite: false });
    const reply = await fetch(`http://localhost:${this.#port}${path}`, {
      method,
      redirect: "manual",
      headers: { ...(cookie === "" ? {} : { cookie }), ...headers },
    });
    for (const set of reply.headers.getSetCookie()) this.jar.store(site + path, set);
    return { status: reply.status, headers: reply.headers, text: await reply.text() };
  }

  async json(path: string, headers?: Record<string, string>): Promise<Record<string, unknown>> {
    return JSON.parse((await this.send("GET", path, headers)).text) as Record<string, unknown>;
  }
}

type Site = Awaited<ReturnType<typeof twoBehindNginx>>;

/** What holds for every engine. */
function sharesSessions(site: () => Site): void {
  it("keep one session, whichever process answers", async () => {
    const visitor = site().visitor();
    const pids = new Set<string>();
    const keys = ["a", "b", "c", "d", "e", "f"];
    for (const name of keys) pids.add((await visitor.send("GET", `/set/${name}`)).text);
    expect(pids.size).toBe(2);
    for (let n = 0; n < 4; n += 1) {
      const { session } = await visitor.json("/all");
      expect(Object.keys(session as object).sort()).toEqual(keys);
    }
    await visitor.send("GET", "/end");
    expect(visitor.jar.names).toEqual([]);
    expect((await visitor.json("/all"))["session"]).toEqual({});
  });
}

describe.skipIf(lacksNginx)("two processes behind nginx with session: cookie", () => {
  let site: Site;
  beforeAll(async () => {
    site = await twoBehindNginx("session: cookie");
  }, 60_000);
  afterAll(() => site.stop());

  sharesSessions(() => site);

  it("SEC-811 believe nginx, and nobody who comes past it", async () => {
    const forged = { "x-forwarded-for": "6.6.6.6", "x-forwarded-proto": "http" };
    const host = `localhost:${site.port}`;
    const through = await site.visitor().json("/seen", forged);
    expect(through).toMatchObject({ address: "127.0.0.1", scheme: "https", secure: true });
    expect(through["host"]).toBe(host);
    const location = (await site.visitor().send("GET", "/away")).headers.get("location");
    expect(location).toBe(`https://${host}/all`);
    // Past nginx, from an address that the settings do not name.
    const past = request(`http://127.0.0.1:${new URL(site.apps[0]!.url).port}/seen`, {
      localAddress: "127.0.0.2",
      headers: { ...forged, "x-forwarded-proto": "https" },
    }).end();
    const [reply] = (await once(past, "response")) as [IncomingMessage];
    const seen: unknown = JSON.parse(await text(reply));
    expect(seen).toMatchObject({ address: "127.0.0.2", scheme: "http", secure: false });
  });

  it("SEC-412 take forms from the address that the browser sees", async () => {
    const origin = `https://localhost:${site.port}`;
    const visitor = site.visitor();
    expect((await visitor.send("POST", "/form", { origin })).text).toBe("taken");
    expect((await visitor.send("POST", "/form", { origin: "https://evil.test" })).status).toBe(403);
  });

  it("SEC-205 get the largest session cookie through, both ways", async () => {
    const visitor = site.visitor();
    let largest = 0;
    for (const bytes of [2000, 2700, 2900, 3000, 4000]) {
      const { status } = await visitor.send("GET", `/big/${bytes}`);
      expect([200, 500]).toContain(status);
      if (status === 200) largest = bytes;
    }
    expect(largest).toBeGreaterThan(2500);
    expect(largest).toBeLessThan(4000);
    const { session } = await visitor.json("/all");
    expect((session as { big: string }).big).toHaveLength(largest);
    // Beside it, other cookies fit until nginx's 8 kB for a line are full; then it says so itself.
    const mine = visitor.jar.header(`https://localhost:${site.port}/`, {
      method: "GET",
      crossSite: false,
    });
    const beside = async (more: number): Promise<number> =>
      (await visitor.send("GET", "/all", { cookie: `${mine}; other=${"y".repeat(more)}` })).status;
    expect(await beside(8000 - mine.length)).toBe(200);
    expect(await beside(9000)).toBe(400);
    expect((await visitor.send("GET", "/all")).status).toBe(200);
  });

  it("answer for each other when one is gone", async () => {
    const visitor = site.visitor();
    await visitor.send("GET", "/set/a");
    const [one] = site.apps;
    const gone = String(one?.pid);
    one?.kill("SIGTERM");
    await one?.ended;
    for (let n = 0; n < 4; n += 1) {
      const { pid, session } = await visitor.json("/all");
      expect(String(pid)).not.toBe(gone);
      expect(session).toEqual({ a: "a" });
    }
  });
});

describe.skipIf(lacksNginx || lacksRedis)("two processes behind nginx with session: redis", () => {
  let redis: RedisServer;
  let site: Site;
  beforeAll(async () => {
    redis = await RedisServer.start();
    site = await twoBehindNginx(`session: redis\nengines: { redis: { url: "${redis.url}" } }`);
  }, 60_000);
  afterAll(async () => {
    await site.stop();
    await redis.remove();
  });

  sharesSessions(() => site);

  it("SEC-601 lose none of 50 keys that are written in parallel on both", async () => {
    const visitor = site.visitor();
    await visitor.send("GET", "/set/first");
    const keys = Array.from({ length: 50 }, (_, n) => `k${n}`);
    const replies = await Promise.all(keys.map((name) => visitor.send("GET", `/set/${name}`)));
    expect(new Set(replies.map(({ text }) => text)).size).toBe(2);
    const { session } = await visitor.json("/all");
    expect(Object.keys(session as object).sort()).toEqual(["first", ...keys].sort());
  });

  it("SEC-602 end a session for both at once, whoever has a copy of the cookie", async () => {
    const visitor = site.visitor();
    await visitor.send("GET", "/set/a");
    const thief = site.visitor();
    thief.jar.replaceBy(visitor.jar);
    expect((await thief.json("/all"))["session"]).toEqual({ a: "a" });
    await visitor.send("GET", "/end");
    for (let n = 0; n < 4; n += 1) expect((await thief.json("/all"))["session"]).toEqual({});
  });
});
