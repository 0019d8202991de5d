/** `quickstep session open`. */
import { text } from "node:stream/consumers";
import type { Settings } from "../../config/settings.ts";
import { listKeys, openCookie, type OpenedCookie } from "../../session/inspect.ts";
import { configOptions, readConfig } from "../app-config.ts";
import { columns, CommandError, type Command } from "../command.ts";

export const command: Command = {
  usage: "quickstep session open [COOKIE] [options]",
  description: `
Opens a session cookie with the keys of the app and shows what is in it: the content, when the session
began, was sealed and ends, and which key sealed it. The session's id is never shown. COOKIE is the
value, or NAME=VALUE as browsers show and send it. Without COOKIE it is read from standard input, which
leaves it neither in the shell's history nor in the list of processes:

  npx quickstep session open < cookie.txt
  npx quickstep session open __Host-quickstep.session=AR8M…
  npx quickstep session open --environment production --json < cookie.txt

A cookie is as good as its visitor's password until it expires, and the content is theirs: handle both
with care. A cookie that does not open ends with status 1 and the reason.`,
  options: {
    ...configOptions,
    json: { type: "boolean", help: "as JSON, times in milliseconds since 1970" },
  },
  arguments: 1,
  async run(input) {
    const { settings } = readConfig(input);
    const cookie = input.positionals[0] ?? (await readInput());
    const opened = openCookie(cookie.trim(), settings);
    if (typeof opened === "string") {
      throw new CommandError(`session-cookie-${opened}`, refusalText(opened, settings));
    }
    process.stdout.write(input.values["json"] === true ? toJson(opened) : toText(opened, settings));
    return 0;
  },
};

async function readInput(): Promise<string> {
  if (process.stdin.isTTY) process.stderr.write("Paste the cookie, then press Enter and Ctrl-D:\n");
  const cookie = await text(process.stdin);
  if (cookie.trim() !== "") return cookie;
  throw new CommandError("usage", `there is no cookie to open\nUsage: ${command.usage}`);
}

type Refusal = Extract<ReturnType<typeof openCookie>, string>;

const refusals: Readonly<Record<Exclude<Refusal, "key">, string>> = {
  length: "it is too short or too long for a sealed cookie; copy the whole value",
  alphabet:
    "it holds something that no sealed cookie holds; copy the value as it is, and all of it",
  version: "its format is none that this version of Quickstep knows",
  tampered:
    "it was changed or cut off, or it was sealed under another name; give it as NAME=VALUE, with the name it has in the browser",
  content: "it is genuine, but what is in it is no session",
};

/** Quotes nothing of the cookie: what is wrong with one may still open elsewhere. */
function refusalText(refusal: Refusal, settings: Settings): string {
  const { session: engine } = settings;
  const reason = refusal === "key" ? foreignKey(settings) : refusals[refusal];
  const hint =
    engine === "cookie" || refusal === "content"
      ? ""
      : `; the setting session is ${JSON.stringify(engine)} here, and only the engine "cookie" seals sessions`;
  return `the cookie does not open: ${reason}${hint}`;
}

function foreignKey(settings: Settings): string {
  const ids = listKeys(settings).map(({ id }) => id);
  return (
    `no key of session_cookie_key sealed it (here: ${ids.join(", ")}); ` +
    "it comes from another app or environment, or its key was taken off the list"
  );
}

function toText(opened: OpenedCookie, settings: Settings): string {
  const { kind, cookieName, keyId, keyIsOld, createdAt, sealedAt, endsAt, isExpired } = opened;
  const rows: (readonly [string, string])[] = [
    ["cookie", cookieName],
    ["holds", kind === "session" ? "a session" : "the moment of a session's last use"],
    ["key", keyIsOld ? `${keyId}, an old one: ${sealingKey(settings)} seals now` : keyId],
  ];
  if (createdAt !== undefined) rows.push(["began", toTime(createdAt)]);
  rows.push([kind === "session" ? "sealed" : "used", toTime(sealedAt)]);
  if (endsAt !== undefined) {
    const time = toTime(endsAt);
    rows.push(isExpired === true ? ["expired", time] : ["ends", `${time} unless it is used`]);
  }
  if (opened.isElsewhere === true) {
    rows.push([
      "content",
      `in the engine ${String(settings.session_cookie_overflow)}, too large for a cookie`,
    ]);
  }
  const { data } = opened;
  return columns(rows) + (data === undefined ? "" : `\n${toJson(data)}`);
}

function sealingKey(settings: Settings): string {
  return listKeys(settings).find(({ seals }) => seals)?.id ?? "";
}

function toTime(moment: number): string {
  return new Date(moment).toISOString();
}

/** What visitors wrote must not steer the terminal: JSON escapes some of it, this the rest. */
function toJson(value: unknown): string {
  const json = JSON.stringify(value, undefined, 2);
  const escaped = json.replace(
    /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return `${escaped}\n`;
}
