/** The tables for people who know Dancer, compared with Dancer's words and ours. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as quickstep from "../../src/index.ts";
import * as serializers from "../../src/serializers.ts";
import { App } from "../../src/app.ts";
import { settingNames } from "../../src/config/settings.ts";
import { deviationsOf } from "./deviations.ts";
import { readSuite, suiteNames } from "./support/cases.ts";
import { ruleTexts } from "./support/rules.ts";

/** `@EXPORT` of Dancer 1.3521. */
const dancerKeywords = `after any before before_template cookie cookies config content_type dance
  dancer_version debug del dirname info error engine false forward from_dumper from_json from_yaml
  from_xml get halt header headers hook layout load load_app logger mime options param param_array
  params pass path patch post prefix push_header put redirect render_with_layout request send_file
  send_error set setting set_cookie session splat status start template to_dumper to_json to_yaml
  to_xml true upload captures uri_for var vars warning`.split(/\s+/);

/** The hooks that the modules of Dancer 1.3521 install. */
const dancerHooks = `before_deserializer after_deserializer before_serializer after_serializer
  before_file_render after_file_render before_error_init before_error_render after_error_render
  before after before_template_render after_template_render before_layout_render
  after_layout_render on_handler_exception on_reset_state on_route_exception`.split(/\s+/);

/** The settings that Dancer::Config, Dancer::Session and Dancer::Session::Cookie 1.3521 document. */
const dancerSettings = `server port daemon behind_proxy content_type charset default_mime_type
  environment appdir confdir public views layout template strict_config global_warnings startup_info
  warnings traces require_environment server_tokens log_path log_file logger log logger_format
  show_errors error_template session session_name session_secure session_is_http_only
  session_same_site session_expires session_domain session_dir session_cookie_key
  session_cookie_path auto_page serializer engines plugins plack_middlewares appname apphandler
  auto_reload route_cache route_cache_size_limit route_cache_path_limit`.split(/\s+/);

const guide = readFileSync(new URL("../../docs/dancer.md", import.meta.url), "utf8");

/** The rows of the first table below a heading, without the back quotes around whole cells. */
function table(heading: string): string[][] {
  const section = guide.split(`\n## ${heading}\n`)[1]?.split("\n## ")[0] ?? "";
  const lines = section
    .split("\n### ")[0]!
    .split("\n")
    .filter((line) => line.startsWith("|"));
  return lines
    .slice(2)
    .map((line) => line.split("|").slice(1, -1))
    .map((cells) => cells.map((cell) => cell.trim().replace(/^`([^`]*)`$/, "$1")));
}

describe("the table of keywords", () => {
  const rows = table("Keywords");
  const ours: Readonly<Record<string, unknown>> = { ...quickstep, ...serializers };
  const isWord = (name: string): boolean =>
    typeof ours[name] === "function" && !/^[A-Z]/.test(name) && name !== "raw";

  it("has each keyword of Dancer's once", () => {
    const listed = rows.map(([dancer]) => dancer).filter((name) => name !== "");
    expect(listed.sort()).toEqual(dancerKeywords.sort());
  });

  it("has each of our words, and no others", () => {
    const listed = rows.map(([, word = ""]) => word).filter((word) => word !== "—");
    expect(listed.sort()).toEqual(Object.keys(ours).filter(isWord).sort());
  });

  it("has camelCase for Dancer's names, or a reason", () => {
    const camelCase = (name: string): string =>
      name.replace(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase());
    for (const [dancer = "", word, remark = ""] of rows) {
      if (dancer !== "" && word !== "—") expect(word).toBe(camelCase(dancer));
      expect(remark).toMatch(/^\S.*\.$/);
    }
  });
});

describe("the table of settings", () => {
  const rows = table("Settings");

  it("has each setting of Dancer's once", () => {
    expect(rows.map(([dancer]) => dancer).sort()).toEqual(dancerSettings.sort());
  });

  it("names settings that the code knows, under the same name where it has one", () => {
    for (const [dancer = "", ours = "", remark = ""] of rows) {
      if (ours !== "—") expect(settingNames).toContain(ours);
      if (settingNames.includes(dancer)) expect(ours).toBe(dancer);
      expect(remark).toMatch(/^\S.*\.$/);
    }
  });

  it("names variables that the code takes", () => {
    const names = [...guide.matchAll(/`QUICKSTEP_([A-Z_]+)/g)].map(([, name = ""]) => name);
    const settings = names.filter((name) => name !== "").map((name) => name.toLowerCase());
    expect(settings.length).toBeGreaterThan(5);
    expect(settings.filter((name) => !settingNames.includes(name))).toEqual([]);
  });
});

describe("the table of hooks", () => {
  const listed = table("Hooks").map(([name = ""]) => name);

  it("has each hook of Dancer's", () => {
    expect(listed.filter((name) => dancerHooks.includes(name)).sort()).toEqual(dancerHooks.sort());
  });

  it("has each hook that the code knows, and no others", () => {
    let known: string[] = [];
    try {
      new App({ env: {} }).hook("no such hook" as never, (() => undefined) as never);
    } catch (error) {
      known = /\(known: ([^)]*)\)/.exec(String(error))?.[1]?.split(", ") ?? [];
    }
    expect(listed.sort()).toEqual(known.sort());
  });
});

describe("the list of cases", () => {
  it("is docs/dancer-cases.md; `vitest -u` writes it anew", async () => {
    await expect(await listOfCases()).toMatchFileSnapshot("../../docs/dancer-cases.md");
  });

  it("deviates in at most 3 % of the cases beyond those that are marked", async () => {
    let cases = 0;
    let listed = 0;
    for (const name of suiteNames) {
      const marked = readSuite(name).cases.filter(({ deviate }) => deviate !== undefined);
      const unmarked = readSuite(name).cases.length - marked.length;
      const markedNames = new Set(marked.map((one) => one.name));
      cases += unmarked;
      listed += Object.keys(await deviationsOf(name)).filter((one) => !markedNames.has(one)).length;
    }
    expect(listed / cases).toBeLessThanOrEqual(0.03);
  });
});

async function listOfCases(): Promise<string> {
  let text = `# Where we answer otherwise than Dancer, case by case

Written by \`npx vitest run test/dancer -u\` from \`test/dancer/deviations/\`. "Proposed" are those that the recorded corpus itself marks as not to be copied.

By rule, whatever the case:

${Object.values(ruleTexts)
  .map((rule) => `- ${rule}.\n`)
  .join("")}`;
  for (const name of suiteNames) {
    const listed = Object.entries(await deviationsOf(name));
    if (listed.length === 0) continue;
    const { about, cases } = readSuite(name);
    text += `\n## ${name}: ${about}\n\n`;
    for (const [title, { because }] of listed) {
      const mark = cases.find((one) => one.name === title)?.deviate;
      text += `- **${title}.** ${because ?? `Proposed: ${mark ?? ""}.`}\n`;
    }
  }
  return text;
}
