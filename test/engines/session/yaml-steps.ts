/** A child process that uses the yaml engine and is killed ahead of the change to the file system that it was told. */
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import type { SessionRecord } from "../../../src/engines/session/store.ts";

const [folder = "", fatal = ""] = process.argv.slice(2);
// Between two reads nothing changes that the next process could find.
const calls = ["mkdirSync", "writeFileSync", "utimesSync", "linkSync", "rmSync"];
let count = 0;
for (const name of calls as (keyof typeof fs)[]) {
  const real = fs[name] as (...args: unknown[]) => unknown;
  const counted = (...args: unknown[]): unknown => {
    if (String(args[0]).startsWith(folder) && count++ === Number(fatal)) {
      process.kill(process.pid, "SIGKILL");
    }
    return real(...args);
  };
  Object.assign(fs, { [name]: counted });
}
syncBuiltinESMExports();

const { createYamlStore } = await import("../../../src/engines/session/yaml.ts");
const settings: Record<string, unknown> = { appdir: folder, session_dir: "s", public: "public" };
const store = createYamlStore({
  cookieName: "session",
  limits: { idle: 3600, absolute: 86_400 },
  now: Date.now,
  setting: (name) => settings[name],
  warn: (message) => process.stderr.write(`${message}\n`),
});

/** Says on standard output that everything before this line has been done. */
function done(step: string): void {
  fs.writeSync(1, `${step}\n`);
}

const time = Date.now();
const id = (letter: string): string => letter.repeat(24);
const record = (letter: string, data: Record<string, unknown>): SessionRecord => ({
  ...{ id: id(letter), version: 0, createdAt: time, lastSeen: time, data },
});
const opened = (letter: string): SessionRecord => store.open(id(letter), undefined) as never;

void store.save(record("a", { n: 1, other: "x" }), { written: ["n", "other"], deleted: [] });
done("saved");
const first = opened("a");
void store.save({ ...first, data: { n: 2 } }, { written: ["n"], deleted: [] });
done("merged");
void store.save(record("b", { n: 3 }), { written: ["n"], deleted: [], replaces: id("a") });
done("regenerated");
void store.destroy(id("b"));
done("destroyed");
fs.writeSync(1, `calls ${count}\n`);
