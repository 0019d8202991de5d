// Makes awake.c into a library that a load generator is started with.
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** What a load generator's command begins with, so that it never sleeps. */
export function keepAwake() {
  const file = (name) => fileURLToPath(new URL(name, import.meta.url));
  mkdirSync(file("out/"), { recursive: true });
  const library = file("out/awake.so");
  execFileSync("cc", ["-O2", "-shared", "-fPIC", "-o", library, file("awake.c"), "-ldl"]);
  return ["env", `LD_PRELOAD=${library}`];
}
