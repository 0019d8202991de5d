// The servers that take part. {node} {here} {port} {case} are filled in by the runner.
import { cases } from "./cases.mjs";

const all = Object.keys(cases);
const server = (file, variant = "") =>
  `{node} {here}/servers/${file}.mjs {port} {case}${variant && ` ${variant}`}`;
const plain = ["hello", "param", "json", "post", "notfound"];

/** What every ratio is taken to. */
export const floor = "floor";

export const servers = [
  { name: floor, command: server("raw") },
  { name: "floor (again)", command: server("raw") },
  { name: "floor + find-my-way", command: server("raw", "fmw"), cases: plain },
  {
    name: "floor + guarantees",
    command: server("raw", "safe"),
    cases: ["session-read", "session-write"],
  },
  { name: "quickstep", command: server("quickstep") },
  { name: "quickstep (explicit)", command: server("quickstep", "explicit") },
  { name: "fastify", command: server("fastify") },
  { name: "hono", command: server("hono") },
  { name: "h3", command: server("h3"), cases: all.filter((c) => c !== "memsession") },
  { name: "polka", command: server("polka") },
  { name: "koa", command: server("koa") },
  { name: "express", command: server("express") },
];
