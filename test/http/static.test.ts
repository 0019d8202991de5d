import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { App } from "../../src/app.ts";
import { createApp, tempFolder } from "../support/app.ts";
import { ask, parseRaw, sendRaw, statusOf, whileServing } from "./support.ts";

const SECRET = "canary-secret";
const folder = tempFolder({
  "public/hello.txt": "hello\n",
  "public/page.html": "<p>static page</p>\n",
  "public/style.css": "body{}\n",
  "public/data.json": '{"a":1}\n',
  "public/noext": "no extension\n",
  "public/sub/deep.txt": "deep\n",
  "public/with space.txt": "space\n",
  "public/route": "static wins\n",
  "public/.env": SECRET,
  "public/.git/config": SECRET,
  "public/sub/.htpasswd": SECRET,
  "secret.txt": SECRET,
  "public_backup/old.txt": SECRET,
  "config.yml": `app: { canary: ${SECRET} }\n`,
});
symlinkSync("../secret.txt", join(folder, "public/link.txt"));
symlinkSync("../public_backup", join(folder, "public/backup"));
symlinkSync(".env", join(folder, "public/shown.txt"));
symlinkSync("/etc", join(folder, "public/etc"));
mkdirSync(join(folder, "public/folder.txt"));

const make = (define: (app: App) => void): App =>
  createApp({ session: null }, define, { appdir: folder });
const app = make((it) => {
  it.hook("before", ({ header }) => header("X-Before", "1"));
  it.get("/route", () => "the route");
  it.get("/sub", () => "route beside a folder");
  it.get("/:any", ({ params }) => `route ${params.any}`);
  it.post("/hello.txt", () => "posted to a file name");
});

describe("a file of the public folder", () => {
  it.each([
    ["/hello.txt", "text/plain; charset=utf-8", "hello\n"],
    ["/hello.txt?v=2", "text/plain; charset=utf-8", "hello\n"],
    ["/page.html", "text/html; charset=utf-8", "<p>static page</p>\n"],
    ["/style.css", "text/css; charset=utf-8", "body{}\n"],
    ["/data.json", /^application\/json/, '{"a":1}\n'],
    ["/sub/deep.txt", "text/plain; charset=utf-8", "deep\n"],
    ["/with%20space.txt", "text/plain; charset=utf-8", "space\n"],
    ["/route", /./, "static wins\n"],
    ["/sub/../hello.txt", "text/plain; charset=utf-8", "hello\n"],
    ["/./hello.txt", "text/plain; charset=utf-8", "hello\n"],
    ["/%68ello.txt", "text/plain; charset=utf-8", "hello\n"],
    ["http://any.host/hello.txt", "text/plain; charset=utf-8", "hello\n"],
  ])("%s is sent before hooks and routes", async (path, type, body) => {
    const reply = await whileServing(app, (port) => ask(port, path));
    expect([reply.status, reply.body, reply.headers["x-before"]]).toEqual([200, body, undefined]);
    expect(reply.headers["content-type"]).toMatch(
      typeof type === "string" ? new RegExp(`^${type}$`) : type,
    );
  });

  it("is for GET and HEAD only, and its type does not come from the request", async () => {
    await whileServing(app, async (port) => {
      const get = await ask(port, "/hello.txt");
      const head = await ask(port, "/hello.txt", "HEAD");
      const { date: _, ...headers } = get.headers;
      expect(head.headers).toMatchObject(headers);
      expect([head.status, head.body, headers["content-length"]]).toEqual([200, "", "6"]);
      expect((await ask(port, "/hello.txt", "POST")).body).toBe("posted to a file name");
      expect((await ask(port, "/hello.txt", "DELETE")).status).toBe(405);
      const typed = await sendRaw(
        port,
        "GET /hello.txt HTTP/1.1\r\nHost: a\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n",
      );
      expect(parseRaw(typed).headers["content-type"]).toBe("text/plain; charset=utf-8");
    });
  });

  it("knows ranges, etags and dates", async () => {
    await whileServing(app, async (port) => {
      const send = async (...headers: string[]) =>
        parseRaw(
          await sendRaw(
            port,
            ["GET /hello.txt HTTP/1.1", "Host: a", "Connection: close", ...headers, "", ""].join(
              "\r\n",
            ),
          ),
        );
      const etag = (await send()).headers["etag"] ?? "";
      expect(await send("Range: bytes=1-2")).toMatchObject({ status: 206, body: "el" });
      expect(await send("Range: bytes=99-")).toMatchObject({ status: 416 });
      expect(await send(`If-None-Match: ${etag}`)).toMatchObject({ status: 304, body: "" });
      expect(await send("If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT")).toMatchObject({
        status: 304,
      });
      expect(await send("If-Modified-Since: Sat, 01 Jan 2000 00:00:00 GMT")).toMatchObject({
        status: 200,
      });
      expect(await send("If-Modified-Since: yesterday")).toMatchObject({
        status: 200,
        body: "hello\n",
      });
    });
  });

  it("that is a folder or missing is the router's", async () => {
    await whileServing(app, async (port) => {
      expect((await ask(port, "/sub")).body).toBe("route beside a folder");
      expect((await ask(port, "/folder.txt")).body).toBe("route folder.txt");
      expect((await ask(port, "/nothere.txt")).body).toBe("route nothere.txt");
      expect((await ask(port, "/sub/")).status).toBe(404);
    });
  });
});

const ups = [
  "..",
  "%2e%2e",
  ".%2e",
  "%2E.",
  "%252e%252e",
  "%c0%ae%c0%ae",
  "..;",
  "..%00",
  "....",
  ". .",
  "%u002e%u002e",
];
const slashes = [
  "/",
  "%2f",
  "%2F",
  "%252f",
  "\\",
  "%5c",
  "%255c",
  "//",
  "/./",
  "/%2e/",
  "%c0%af",
  ";/",
];
const corpus = [
  ...ups.flatMap((up) =>
    slashes.flatMap((slash) =>
      ["secret.txt", "config.yml", "public_backup/old.txt"].flatMap((file) => [
        `/${up}${slash}${file}`,
        `/sub${slash}${up}${slash}${up}${slash}${file}`,
        `/sub/deep.txt${slash}${up}${slash}${up}${slash}${up}${slash}${file}`,
      ]),
    ),
  ),
  ..."/.env /.git/config /sub/.htpasswd /%2eenv /.git%2fconfig /sub%2f.htpasswd /link.txt /backup/old.txt /shown.txt".split(
    " ",
  ),
  ..."/etc/passwd /etc/hostname //etc/passwd /%2fetc/passwd /C:/secret.txt /c%3a%5csecret.txt //server/share/secret.txt".split(
    " ",
  ),
  ..."\\\\server\\share /hello.txt%00 /hello.txt%00.html /.env%00.txt /%00 /hello.txt/ /hello.txt/. /hello.txt/.. /...".split(
    " ",
  ),
  `${folder}/secret.txt`,
  `/${folder}/secret.txt`,
  `//${folder}/secret.txt`,
  `file://${folder}/secret.txt`,
  `http://a${folder}/secret.txt`,
  "http://a/../secret.txt",
  "http://a/%2e%2e/secret.txt",
  `/${"../".repeat(50)}etc/passwd`,
  `/${"%2e%2e/".repeat(50)}etc/passwd`,
  `/${"a/".repeat(50)}${"../".repeat(52)}secret.txt`,
  "/hello.txt::$DATA",
  "/HELLO~1.TXT",
];

describe("SEC-809 nothing outside of the public folder", () => {
  it(`is sent for any of ${corpus.length} targets over a raw socket`, async () => {
    const plain = make(() => undefined);
    await whileServing(plain, async (port) => {
      const answers: [string, string][] = [];
      for (let at = 0; at < corpus.length; at += 50) {
        const batch = corpus
          .slice(at, at + 50)
          .map(async (target): Promise<[string, string]> => [
            target,
            await sendRaw(port, `GET ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`),
          ]);
        answers.push(...(await Promise.all(batch)));
      }
      const told = answers.filter(([, text]) => text.includes(SECRET) || text.includes("root:"));
      expect(told.map(([target]) => target)).toEqual([]);
      // What is left after its dot segments are gone may be a file that is public.
      const statuses = new Set(answers.map(([, text]) => statusOf(text)));
      expect([...statuses].filter((status) => ![200, 400, 404].includes(status))).toEqual([]);
      const sent = answers.filter(([, text]) => statusOf(text) === 200).map(([target]) => target);
      expect(sent).toEqual([]);
      expect((await ask(port, "/hello.txt")).body).toBe("hello\n");
    });
  });

  it("is seen otherwise by hooks, router and files", async () => {
    const seen: string[] = [];
    const watched = make((it) => {
      it.hook("before", ({ request }) => void seen.push(request.path));
      it.any("/**", ({ request, splat }) => `${request.path} ${JSON.stringify(splat)}`);
    });
    await whileServing(watched, async (port) => {
      for (const [target, path, splat] of [
        ["/a/../admin", "/admin", "admin"],
        ["/a/%2e%2e/admin", "/admin", "admin"],
        ["/a/..%2fadmin", "/admin", "admin"],
        ["/./admin", "/admin", "admin"],
        ["/%61dmin", "/admin", "admin"],
        ["/%2561dmin", "/%61dmin", "%61dmin"],
        ["/%252e%252e/admin", "/%2e%2e/admin", "%2e%2e,admin"],
      ] as const) {
        seen.length = 0;
        const reply = await ask(port, target);
        expect([target, reply.body]).toEqual([
          target,
          `${path} ${JSON.stringify([splat.split(",")])}`,
        ]);
        expect(seen).toEqual([path]);
      }
      // A file that a normalised path names is a file, however it was written.
      for (const target of ["/a/../hello.txt", "/a/%2e%2e/hello.txt", "/a/..%2fhello.txt"]) {
        expect((await ask(port, target)).body).toBe("hello\n");
      }
    });
  });

  it("a hook that guards a path guards every spelling of it", async () => {
    let reached = 0;
    const guarded = make((it) => {
      it.hook("before", ({ request, halt }) => {
        if (request.path.startsWith("/admin")) halt("stop");
      });
      it.get("/admin/keys", () => ((reached += 1), SECRET));
      it.get("/open/*", () => "open");
    });
    await whileServing(guarded, async (port) => {
      for (const target of [
        "/admin/keys",
        "/admin/./keys",
        "/./admin/keys",
        "/open/../admin/keys",
        "/open/%2e%2e/admin/keys",
        "/open/..%2fadmin/keys",
        "/%61dmin/keys",
        "/admin%2fkeys",
        "http://x/admin/keys",
        "//admin/keys",
        "/admin//keys",
        "/admin\\keys",
        "/open/..;/admin/keys",
      ]) {
        expect((await ask(port, target)).body).not.toContain(SECRET);
      }
    });
    expect(reached).toBe(0);
  });

  it("is served once a link was put in after the start", async () => {
    const late = tempFolder({ "public/a.txt": "a", "secret.txt": SECRET });
    const serving = createApp({ session: null }, () => undefined, { appdir: late });
    await whileServing(serving, async (port) => {
      expect((await ask(port, "/a.txt")).body).toBe("a");
      symlinkSync("../secret.txt", join(late, "public/b.txt"));
      writeFileSync(join(late, "public/c.txt"), "c");
      expect((await ask(port, "/b.txt")).status).toBe(404);
      expect((await ask(port, "/c.txt")).body).toBe("c");
    });
  });
});
