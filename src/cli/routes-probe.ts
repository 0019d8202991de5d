/** Loaded into an app ahead of it by `quickstep routes`: notes what it declares and ends it before it serves. */
import { subscribe } from "node:diagnostics_channel";
import { writeFileSync } from "node:fs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { Route } from "../routing/route.ts";
import { assembled, declared } from "../inspection.ts";
import { packageRoot } from "./package-root.ts";

/** The variable that names the file for the answer. */
export const ANSWER = "QUICKSTEP_INSPECTION";

/** A route or hook, and where it was declared. */
export interface Declaration {
  /** A hook's name, or a route's method. */
  readonly name: string;
  /** A route's pattern. */
  readonly pattern?: string;
  /** What a route says about itself besides. */
  readonly notes?: readonly string[];
  /** `app.ts:12`, relative to the app's folder. */
  readonly place: string;
}

/** What an app declares, in order. */
export interface Inspection {
  readonly routes: readonly Declaration[];
  readonly hooks: readonly Declaration[];
}

const file = process.env[ANSWER];
if (file !== undefined) listen(file);

function listen(answer: string): void {
  Error.stackTraceLimit = 50;
  const places = new WeakMap<object, string>();
  subscribe(declared.name, (item) => {
    const known = item as object;
    if (!places.has(known)) places.set(known, findPlace(new Error().stack ?? ""));
  });
  subscribe(assembled.name, (message) => {
    const { routes, hooks } = message as {
      routes: readonly Route[];
      hooks: ReadonlyMap<string, readonly object[]>;
    };
    const inspection: Inspection = {
      routes: routes.map((route) => ({
        name: route.method,
        pattern: route.pattern.source,
        notes: notesOf(route),
        place: places.get(route) ?? "",
      })),
      hooks: [...hooks].flatMap(([name, all]) =>
        all.map((hook) => ({ name, place: places.get(hook) ?? "" })),
      ),
    };
    writeFileSync(answer, JSON.stringify(inspection));
    process.exit(0);
  });
}

function notesOf({ session, streamsBody, conditions }: Route): string[] {
  return [
    ...(session ? [] : ["no session"]),
    ...(streamsBody ? ["streams its body"] : []),
    ...(conditions === undefined ? [] : ["under conditions"]),
  ];
}

/** The app's own Quickstep, where the command comes from another one, as one installed globally does. */
const installed = /[\\/]node_modules[\\/]quickstep[\\/](?:src|dist)[\\/]/;

/** The first line of a stack that is neither Quickstep's nor node's. */
function findPlace(stack: string): string {
  for (const [, name = "", line = ""] of stack.matchAll(
    /\(?((?:file:\/\/)?[^\s()]+):(\d+):\d+\)?$/gm,
  )) {
    const path = name.startsWith("file://") ? fileURLToPath(name) : name;
    const isOurs = /^(?:src|dist)[\\/]/.test(relative(packageRoot, path)) || installed.test(path);
    if (!path.startsWith("node:") && !isOurs) return `${path}:${line}`;
  }
  return "";
}
