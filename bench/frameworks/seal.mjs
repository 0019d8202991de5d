#!/usr/bin/env node
// What sealing and opening a session costs, against XAES-256-GCM by hand: node seal.mjs [ROUNDS]
// Slices of the two alternate; each of ours is compared with the mean of the floor's before and after it.
import { createHash } from "node:crypto";
import { createKeyring } from "../../dist/sealing/keyring.js";
import { Sealer } from "../../dist/sealing/sealer.js";
import { median, say } from "./report.mjs";
import { createXaes } from "./xaes.mjs";

const rounds = Number(process.argv[2] ?? 60);
const key = createHash("sha256").update("bench").digest();
const payload = JSON.stringify({
  user_id: 42,
  name: "alice",
  roles: ["admin", "editor"],
  csrf: "b1946ac92492d2347c6235b4d2611184",
  count: 7,
  created: 1760000000,
  seen: 1760000123,
  lang: "en",
});
const floor = createXaes(key);
const keyring = createKeyring(`hex:${key.toString("hex")}`, {
  environment: "test",
  warn: () => {},
});
const sealer = new Sealer({ keyring, purpose: "session", cookieName: "s" });
const floorText = floor.seal(payload);
const ownText = sealer.seal(Buffer.from(payload));

const pairs = {
  seal: [() => floor.seal(payload), () => sealer.seal(Buffer.from(payload))],
  open: [() => floor.open(floorText), () => sealer.open(ownText).bytes.toString()],
};

function cpuPerCall(work) {
  const before = process.cpuUsage();
  for (let i = 0; i < 2000; i++) work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 2000;
}

const print = say("seal", process.version);
print(
  `#### Sealing alone\n\nXAES-256-GCM of ${payload.length} bytes of JSON, CPU time per call against the same by hand over node:crypto; ${rounds} rounds.\n`,
);
print("| | ratio | control | us |\n|---|---|---|---|");
for (const [name, [base, own]] of Object.entries(pairs)) {
  for (let i = 0; i < 5; i++) {
    cpuPerCall(base);
    cpuPerCall(own);
  }
  const ratios = [];
  const controls = [];
  const times = [];
  let before = cpuPerCall(base);
  for (let i = 0; i < rounds; i++) {
    const mine = cpuPerCall(own);
    const after = cpuPerCall(base);
    ratios.push(mine / ((before + after) / 2));
    controls.push(after / before);
    times.push(mine);
    before = after;
  }
  print(
    `| ${name} | ${median(ratios).toFixed(2)} | ${median(controls).toFixed(2)} | ${median(times).toFixed(1)} |`,
  );
}
