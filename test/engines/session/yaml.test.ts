import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { ConfigError } from "../../../src/errors.ts";
import { hashSessionId } from "../../../src/engines/session/id-hash.ts";
import type { SessionRecord, SessionStore } from "../../../src/engines/session/store.ts";
import { SessionFiles } from "../../../src/engines/session/session-files.ts";
import { createYamlStore } from "../../../src/engines/session/yaml.ts";
import { createSessionId } from "../../../src/session/session-id.ts";
import { createApp, tempFolder, visit } from "../../support/app.ts";
import { childEnv } from "../../support/run-app.ts";
import {
  TestClock,
  allOf,
  describeSessionStore,
  newRecord,
  storeOptions,
} from "../../support/session-store.ts";

const settings = { session_dir: "sessions", public: "public" };
const shared = tempFolder();
describeSessionStore("yaml", {
  create: createYamlStore,
  settings: { appdir: shared, ...settings },
  shared: true,
  breakDown: () => {
    renameSync(join(shared, "sessions"), join(shared, "away"));
    writeFileSync(join(shared, "sessions"), "no folder");
    return () => {
      rmSync(join(shared, "sessions"));
      renameSync(join(shared, "away"), join(shared, "sessions"));
    };
  },
});

function makeStore(appdir = tempFolder(), clock = new TestClock(), warn = vi.fn()) {
  const options = storeOptions({ appdir, ...settings }, clock, { warn });
  return { store: createYamlStore(options), clock, warn, folder: join(appdir, "sessions") };
}

function put(store: SessionStore, record: SessionRecord): string {
  return store.save(record, allOf(record)) as string;
}

function open(store: SessionStore, cookie: string): SessionRecord | undefined {
  return store.open(cookie, undefined) as SessionRecord | undefined;
}

function allFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" });
}

describe("the yaml engine", () => {
  it("keeps a session in a file that people can read and edit", () => {
    const { store, clock, folder } = makeStore();
    const id = put(store, newRecord(clock, { user: "åsa", cart: [{ qty: 2 }] }));
    const file = join(folder, hashSessionId(id), "1.yml");
    expect(readFileSync(file, "utf8")).toBe(
      "created_at: 2030-01-01T00:00:00.000Z\nlast_seen: 2030-01-01T00:00:00.000Z\n" +
        "data:\n  user: åsa\n  cart:\n    - qty: 2\n",
    );
    writeFileSync(file, readFileSync(file, "utf8").replace("qty: 2", "qty: 3"));
    expect(open(store, id)!.data).toEqual({ user: "åsa", cart: [{ qty: 3 }] });
  });

  it("gives back exactly what was saved, whatever it is", () => {
    const { store, clock } = makeStore();
    const key = fc.string({ unit: "binary" }).filter((text) => text !== "__proto__");
    const value = fc.jsonValue({ stringUnit: "binary", noUnicodeString: false } as never);
    fc.assert(
      fc.property(fc.dictionary(key, value), (json) => {
        const text = JSON.stringify(json);
        // A session refuses such keys, so that no engine ever meets them.
        fc.pre(!text.includes('"__proto__"'));
        const data = JSON.parse(text) as Record<string, unknown>;
        expect(open(store, put(store, newRecord(clock, data)))!.data).toEqual(data);
      }),
      { numRuns: 200 },
    );
  });

  it("SEC-608 keeps files for their owner only, under names in which no id can be found", () => {
    const { store, clock, folder } = makeStore();
    const id = put(store, newRecord(clock, { a: 1 }));
    void store.touch(open(store, id)!);
    for (const path of ["", ...allFiles(folder)]) {
      const stat = statSync(join(folder, path));
      expect(stat.mode & 0o777, path).toBe(stat.isDirectory() ? 0o700 : 0o600);
      expect(path).not.toContain(id);
      expect(path).toMatch(/^(?:[0-9a-f]{64}(?:\/2\.yml)?)?$/);
      if (stat.isFile()) expect(readFileSync(join(folder, path), "utf8")).not.toContain(id);
    }
  });

  it.each(["../../x", "/etc/passwd", "a\0b", "..", ""])(
    "SEC-608 leaves its folder for no id: %j",
    (id) => {
      const appdir = tempFolder({ "sessions/keep": "" });
      const { store, clock, folder } = makeStore(appdir);
      expect(open(store, id)).toBeUndefined();
      void store.destroy(id);
      put(store, { ...newRecord(clock, { a: 1 }), id });
      expect(readdirSync(appdir)).toEqual(["sessions"]);
      expect(readdirSync(folder).filter((name) => !/^[0-9a-f]{64}$/.test(name))).toEqual(["keep"]);
    },
  );

  it("SEC-608 survives kill -9 between any two steps", { timeout: 120_000 }, async () => {
    const calls = Number(/calls (\d+)/.exec((await runSteps(tempFolder(), -1)).output)![1]);
    expect(calls).toBeGreaterThan(20);
    const steps = Array.from({ length: calls }, (_, index) => index);
    const next = async (): Promise<void> => {
      for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
        await killAt(step);
      }
    };
    await Promise.all([next(), next(), next()]);
  });

  it("SEC-601 keeps the keys of two stores on one folder that write in turn", () => {
    const appdir = tempFolder();
    const [one, two] = [makeStore(appdir).store, makeStore(appdir).store];
    const id = put(one, newRecord(new TestClock(), { n: 0 }));
    const [a, b] = [open(one, id)!, open(two, id)!];
    void one.save({ ...a, data: { a: 1 } }, { written: ["a"], deleted: [] });
    void two.save({ ...b, data: { b: 1 } }, { written: ["b"], deleted: ["n"] });
    expect(open(one, id)!.data).toEqual({ a: 1, b: 1 });
  });

  it("SEC-601 takes no version that another process holds or has gone past", () => {
    const folder = tempFolder();
    const files = new SessionFiles(folder);
    const name = "a".repeat(64);
    const write = (version: number, text: string): boolean =>
      files.write(name, { version, text }, Date.now() + 60_000);
    for (const version of [1, 2, 3]) expect(write(version, `${version}`)).toBe(true);
    expect([write(3, "taken"), write(2, "late")]).toEqual([false, false]);
    expect(files.read(name)).toEqual({ version: 3, text: "3" });
    expect(write(4, "4")).toBe(true);
    expect(allFiles(folder)).toEqual([name, join(name, "4.yml")]);
  });

  it("removes expired sessions and, when no request can know them, ended ones", () => {
    vi.useFakeTimers();
    const { store, clock, folder } = makeStore();
    const ended = put(store, newRecord(clock, { a: 1 }));
    void store.destroy(ended);
    put(store, newRecord(clock, { a: 1 }));
    expect(readdirSync(folder)).toHaveLength(2);
    clock.advance(3601);
    vi.advanceTimersByTime(60_000);
    expect(readdirSync(folder)).toEqual([hashSessionId(ended)]);
    clock.advance(86_400);
    vi.advanceTimersByTime(60_000);
    expect(readdirSync(folder)).toEqual([]);
    void store.close?.();
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });

  it("removes what a killed process left half made, once it is a minute old", () => {
    vi.useFakeTimers({ toFake: ["Date", "setInterval", "clearInterval"], now: Date.now() });
    const appdir = tempFolder();
    const { store, clock, folder } = makeStore(appdir);
    const id = put(store, newRecord(clock, { a: 1 }));
    const draft = join(folder, hashSessionId(id), "new-x");
    writeFileSync(draft, "half");
    utimesSync(draft, 1, 1);
    vi.advanceTimersByTime(60_000);
    expect(allFiles(folder)).toHaveLength(3);
    vi.advanceTimersByTime(60_000);
    expect(allFiles(folder)).toHaveLength(2);
    void store.close?.();
    vi.useRealTimers();
  });

  it("takes a damaged file for no session and says which file it is", () => {
    for (const text of ["", "[", "data: {}", "created_at: x\nlast_seen: y\ndata: {}", "- a"]) {
      const { store, clock, folder, warn } = makeStore();
      const id = put(store, newRecord(clock, { a: 1 }));
      writeFileSync(join(folder, hashSessionId(id), "1.yml"), text);
      expect(open(store, id)).toBeUndefined();
      expect(warn.mock.calls.flat().join()).toContain(`${hashSessionId(id)}/1.yml`);
    }
  });

  it.each(["public", "public/deep", "."])("refuses to keep sessions in public files: %s", (dir) => {
    const options = storeOptions({ appdir: tempFolder(), public: "public", session_dir: dir });
    const make = (): SessionStore => createYamlStore(options);
    if (dir === ".") expect(make).not.toThrow();
    else expect(make).toThrow(ConfigError);
  });

  it("is chosen by session: yaml and outlives the process", async () => {
    const appdir = tempFolder();
    const make = () =>
      createApp(
        { session: "yaml", session_secure: true },
        (app) => app.get("/", ({ session }) => session("n", Number(session("n") ?? 0) + 1)),
        { appdir },
      );
    const client = visit(make());
    const first = await client.get("/");
    expect(first.text).toBe("1");
    await client.get("/");
    const again = visit(make());
    const cookie = first.setCookies[0]!.split(";")[0]!;
    expect((await again.get("/", { headers: { cookie } })).text).toBe("3");
  });
});

/** What the child says before it is killed ahead of its file system call of this number. */
async function runSteps(folder: string, fatal: number): Promise<{ output: string }> {
  const script = fileURLToPath(new URL("yaml-steps.ts", import.meta.url));
  const child = spawn(process.execPath, ["--import", "tsx", script, folder, String(fatal)], {
    env: childEnv(),
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  const [code, signal] = (await once(child, "close")) as [number | null, string | null];
  expect([code, signal]).toEqual(fatal < 0 ? [0, null] : [null, "SIGKILL"]);
  return { output };
}

async function killAt(step: number): Promise<void> {
  const appdir = tempFolder();
  const said = (await runSteps(appdir, step)).output.split("\n").length - 1;
  const options = storeOptions({ appdir, ...settings, session_dir: "s" }, undefined, {
    now: Date.now,
    warn: (message) => expect.unreachable(message),
  });
  const store = createYamlStore(options);
  const [a, b] = ["a", "b"].map((letter) => open(store, letter.repeat(24))?.data);
  // What was said to be done is done; the step under way is done or not, and never half.
  const states: [a: unknown, b: unknown][] = [
    [undefined, undefined],
    [{ n: 1, other: "x" }, undefined],
    [{ n: 2, other: "x" }, undefined],
    [undefined, { n: 3 }],
    [undefined, undefined],
  ];
  const possible = [...states.slice(said, said + 2), ...(said === 2 ? [states[0]!] : [])];
  expect(possible, `killed ahead of call ${step}`).toContainEqual([a, b]);
  // And it can be gone on with.
  if (a !== undefined) {
    const record = open(store, "a".repeat(24))!;
    void store.save({ ...record, data: { z: 1 } }, { written: ["z"], deleted: [] });
    expect(open(store, record.id)!.data).toEqual({ ...a, z: 1 });
  }
  put(store, { ...newRecord(new TestClock(), { fresh: true }), id: createSessionId() });
  void store.close?.();
}
