/** Describes what was thrown, whatever it is, in lines that are safe to print. */
import { inspect } from "node:util";
import { encodeControls } from "./encode.ts";

const mostCauses = 5;
const longest = 2000;

/**
 * The lines that tell what was thrown: its name and message, where it came from, then its causes.
 *
 * Never throws, also not for objects whose getters do. Of an Error only name, message, stack and
 * cause are told; other members may hold headers or passwords.
 */
export function errorLines(error: unknown): string[] {
  const lines: string[] = [];
  let current = error;
  for (let depth = 0; depth <= mostCauses; depth++) {
    const told = describe(current);
    lines.push(depth === 0 ? told.title : `caused by ${told.title}`, ...told.frames);
    if (told.cause === undefined) break;
    current = told.cause;
  }
  return lines;
}

interface ErrorText {
  readonly title: string;
  readonly frames: readonly string[];
  readonly cause?: unknown;
}

function describe(error: unknown): ErrorText {
  try {
    if (!(error instanceof Error)) return { title: encodeControls(plain(error)), frames: [] };
    const message = error.message.slice(0, longest);
    const title = encodeControls(message === "" ? error.name : `${error.name}: ${message}`);
    return { title, frames: frames(error), cause: error.cause };
  } catch {
    return { title: "something that cannot be described", frames: [] };
  }
}

function plain(value: unknown): string {
  const text =
    typeof value === "string" ? value : inspect(value, { depth: 1, breakLength: Infinity });
  return text.slice(0, longest);
}

// The stack repeats the message, and a message may hold lines that look like frames.
function frames({ stack, message }: Error): string[] {
  if (typeof stack !== "string") return [];
  const start = stack.indexOf(message);
  const rest = start === -1 ? stack : stack.slice(start + message.length);
  return rest
    .split("\n")
    .filter((line) => /^\s+at /.test(line))
    .map((line) => encodeControls(line.trim()));
}
