/** What each area does with empty values, repeated keys, unicode, encoded slashes, very long texts and unknown names. */
import { describe, expect, it } from "vitest";
import { ajaxPlugin } from "../../src/ajax.ts";
import type { App } from "../../src/app.ts";
import type { Context } from "../../src/context.ts";
import type { RequestOptions } from "../../src/testing/client.ts";
import { visit } from "../support/app.ts";
import { appWith } from "./support.ts";

/** What is asked, and the status and the text or a part of it. */
type Row = readonly [fact: string, path: string, status: number, text: string, Options?];
type Options = RequestOptions & { readonly method?: string };

const long = "x".repeat(5000);
const json = { "content-type": "application/json" };
const asked = (body: string): Options => ({ method: "POST", body, headers: json });

function area(
  name: string,
  define: (app: App) => void,
  rows: readonly Row[],
  settings: Readonly<Record<string, unknown>> = {},
  files: Readonly<Record<string, string>> = {},
): void {
  describe(name, () => {
    const app = appWith(files, define, { session: null, show_errors: false, ...settings });
    for (const [fact, path, status, text, options] of rows) {
      it(fact, async () => {
        const reply = await visit(app).request(options?.method ?? "GET", path, options);
        expect([reply.status, reply.text]).toEqual([status, text]);
      });
    }
  });
}

const shown = (value: unknown): string => JSON.stringify(value ?? null);

area(
  "a serializer",
  (app) => {
    app.post("/", ({ request }) => ({ got: request.data ?? null }));
    app.get("/param", ({ param }) => ({ name: param("name") ?? null }));
  },
  [
    ["takes no body for no data", "/", 200, '{"got":null}', { method: "POST" }],
    ["takes an empty body for no data", "/", 200, '{"got":null}', asked("")],
    ["keeps empty texts, lists and maps", "/", 200, '{"got":["",[],{}]}', asked('["",[],{}]')],
    ["takes the last of a repeated key", "/", 200, '{"got":{"a":2}}', asked('{"a":1,"a":2}')],
    ["keeps unicode, in keys too", "/", 200, '{"got":{"ü":"😀"}}', asked('{"ü":"\\ud83d\\ude00"}')],
    ["keeps slashes", "/", 200, '{"got":"a/b%2Fc"}', asked('"a\\/b%2Fc"')],
    ["keeps long texts", "/", 200, `{"got":"${long}"}`, asked(`"${long}"`)],
    ["says null for an unknown parameter", "/param", 200, '{"name":null}'],
  ],
  { serializer: "json", engines: { json: { pretty: false } } },
);

area(
  "a serializer's hooks",
  (app) => {
    app.hook("before_serializer", (_ctx, data) => [data]);
    app.hook("after_serializer", (_ctx, text) => `${text};`);
    const answers: Readonly<Record<string, unknown>> = { map: {}, list: [], text: "", ü: "ü" };
    for (const [name, value] of Object.entries(answers)) app.get(`/${name}`, () => value);
    app.get("/none", () => undefined);
    app.get("/long", () => [long]);
  },
  [
    ["see an empty map", "/map", 200, "[{}];"],
    ["see an empty list", "/list", 200, "[[]];"],
    ["see an empty text", "/text", 200, '[""];'],
    ["see unicode", "/%C3%BC", 200, '["ü"];'],
    ["see long texts", "/long", 200, `[["${long}"]];`],
    ["do not see what is not there", "/none", 200, ""],
  ],
  { serializer: "json", engines: { json: { pretty: false } } },
);

area(
  "a charset",
  (app) => {
    app.get("/text/:name", ({ params }) => params.name);
    app.get("/empty", () => "");
  },
  [
    ["makes a question mark of what it has no sign for", "/text/%E2%82%AC", 200, "?"],
    ["leaves an empty text empty", "/empty", 200, ""],
    ["leaves a slash encoded twice", "/text/a%252Fb", 200, "a%2Fb"],
    ["leaves long texts", `/text/${long}`, 200, long],
  ],
  { charset: "iso-8859-1" },
);

const echoHeader = ({ header, param, response }: Context): string => {
  header("X-Value", param("v") ?? "unset");
  return shown(response.headerValues("X-Value"));
};

area(
  "headers, content types and status",
  (app) => {
    app.get("/header", echoHeader);
    app.get("/push", ({ pushHeader, request, response }) => {
      pushHeader("X-Value", ...(request.query["v"] ?? []));
      return shown(response.headerValues("X-Value"));
    });
    app.get("/type", ({ contentType, param }) => contentType(param("t") ?? ""));
    app.get("/status", ({ status, param }) => String(status(param("s") ?? "")));
  },
  [
    ["keep an empty value", "/header?v=", 200, '[""]'],
    ["keep the last of repeated values", "/header?v=1&v=2", 200, '["2"]'],
    ["keep all values that are pushed", "/push?v=1&v=&v=1", 200, '["1","","1"]'],
    ["push nothing for no value", "/push", 200, "[]"],
    ["refuse a line break", "/header?v=a%0Ab", 500, page(500)],
    ["keep a long value", `/header?v=${long}`, 200, `["${long}"]`],
    ["take a media type as it is", "/type?t=x/y%3Bz=1", 200, "x/y;z=1"],
    ["take default_mime_type for an unknown name", "/type?t=nope", 200, "application/data"],
    ["take default_mime_type for no name", "/type?t=", 200, "application/data"],
    ["know names in any case", "/type?t=JSON", 200, "application/json"],
    ["leave the status for an unknown name", "/status?s=nope", 200, "200"],
    ["leave the status for no name", "/status?s=", 200, "200"],
    ["know a status by name, with spaces", "/status?s=I'm%20a%20Teapot", 418, "418"],
  ],
);

area(
  "sendFile",
  (app) => {
    app.get("/send", ({ sendFile, param }) => sendFile(param("f") ?? ""));
    app.get("/data", ({ sendFile, param }) => sendFile(param("d") ?? "", { data: true }));
    app.get("/type", ({ sendFile, param }) =>
      sendFile("ü.txt", { contentType: param("t") ?? "", filename: param("n") ?? "x" }),
    );
  },
  [
    ["finds a name beyond ASCII", "/send?f=%C3%BC.txt", 200, "text\n"],
    ["does not decode a name once more", "/send?f=%25C3%25BC.txt", 404, page(404)],
    ["is 404 for no name", "/send?f=", 404, page(404)],
    ["is 404 for an encoded way out", "/send?f=..%2Fsecret.txt", 404, page(404)],
    ["is 404 for a very long name", `/send?f=${long}`, 404, page(404)],
    ["is 404 for an unknown name", "/send?f=nope.txt", 404, page(404)],
    ["sends empty data", "/data?d=", 200, ""],
    ["sends long data", `/data?d=${long}`, 200, long],
    ["takes an unknown type, and no name for the download", "/type?t=nope&n=", 200, "text\n"],
  ],
  {},
  { "public/ü.txt": "text\n", "secret.txt": "secret\n" },
);

const ajaxHeader = { headers: { "x-requested-with": "XMLHttpRequest" } };

area(
  "ajax",
  (app) => {
    const { ajax } = ajaxPlugin(app);
    ajax("/item/:name", ({ params }) => `[${params.name}]`);
    ajax("/q", ({ paramArray }) => shown(paramArray("a")));
  },
  [
    ["takes unicode", "/item/%C3%BC", 200, "[ü]", ajaxHeader],
    ["takes a very long part", `/item/${long}`, 200, `[${long}]`, ajaxHeader],
    ["takes a slash encoded twice as text", "/item/a%252Fb", 200, "[a%2Fb]", ajaxHeader],
    ["takes an encoded slash for a slash", "/item/a%2Fb", 404, page(404), ajaxHeader],
    ["takes no empty part", "/item/", 404, page(404), ajaxHeader],
    ["gives repeated and empty values", "/q?a=1&a=&a=1", 200, '["1","","1"]', ajaxHeader],
    ["answers scripts only", "/item/x", 404, page(404)],
    ["answers nobody who says something else", "/item/x", 404, page(404), calling("fetch")],
  ],
);

area(
  "forward",
  (app) => {
    app.get("/to", ({ forward, param }) => forward(param("p") ?? "", { added: param("a") ?? "" }));
    app.get("/show/:name", ({ params, paramArray }) =>
      shown([params.name, paramArray("added"), paramArray("q")]),
    );
  },
  [
    ["takes unicode", "/to?p=/show/%C3%BC", 200, '["ü",[""],[]]'],
    ["takes a percent sign as text", "/to?p=/show/%2541", 200, '["%41",[""],[]]'],
    ["takes a very long path", `/to?p=/show/${long}`, 200, `["${long}",[""],[]]`],
    ["replaces repeated values", "/to?p=/show/x&added=1&added=2&a=3", 200, '["x",["3"],[]]'],
    ["keeps repeated values of its query", "/to?p=/show/x?q=1%26q=2", 200, '["x",[""],["1","2"]]'],
    ["is 404 for no path", "/to?p=", 404, page(404)],
    ["is 404 for an unknown path", "/to?p=/nope", 404, page(404)],
    ["is 404 for a path without a slash", "/to?p=show", 404, page(404)],
  ],
);

area(
  "auto_page",
  (app) => app.get("/", () => "home"),
  [
    ["finds a name beyond ASCII", "/%C3%BC", 200, "page"],
    ["takes an encoded slash for a slash", "/sub%2Fdeep", 200, "deep ?"],
    ["shows an empty parameter as nothing", "/sub/deep?q=", 200, "deep ?"],
    ["shows the last of repeated ones", "/sub/deep?q=1&q=2", 200, "deep ?2"],
    ["is 404 for a very long name", `/${long}`, 404, page(404)],
    ["is 404 for an unknown name", "/nope", 404, page(404)],
    ["is 404 for an encoded way out", "/%2e%2e%2fsecret", 404, page(404)],
    ["takes slashes in front for one", "//sub/deep", 200, "deep ?"],
    ["is 404 for a layout behind two slashes", "//layouts/main", 404, page(404)],
  ],
  { auto_page: true },
  {
    "views/ü.tt": "page",
    "views/sub/deep.tt": "deep ?<% params.q %>",
    "views/layouts/main.tt": "layout",
    "secret.tt": "secret",
  },
);

area(
  "loadApp",
  (app) => {
    const child = (name: string) => (it: App) => {
      it.get("/", () => `${name} root`);
      it.get("/:part", ({ params, paramArray }) => shown([params.part, paramArray("q")]));
    };
    app.loadApp(child("ü"), { prefix: "/ü" });
    app.loadApp(child("none"));
  },
  [
    ["takes a prefix beyond ASCII", "/%C3%BC", 200, "ü root"],
    ["takes no prefix", "/", 200, "none root"],
    ["gives unicode and repeated values", "/%C3%BC/%E2%82%AC?q=&q=1", 200, '["€",["","1"]]'],
    ["takes a very long part", `/%C3%BC/${long}`, 200, `["${long}",[]]`],
    ["takes an encoded slash for a slash", "/%C3%BC%2Fx", 200, '["x",[]]'],
    ["is 404 for an unknown path", "/%C3%BC/a/b", 404, page(404)],
  ],
);

area(
  "cookies",
  (app) => {
    app.get("/read", ({ cookies, cookie, request }) =>
      shown([cookies["a"] ?? null, cookie("nope") ?? null, request.cookieArray("a")]),
    );
    app.get("/set", ({ cookie, param, response }) => {
      cookie("a", param("v") ?? "");
      return response.header("Set-Cookie")?.split(";")[0];
    });
  },
  [
    ["are there when empty", "/read", 200, '["",null,[""]]', sent("a=")],
    ["give the last of one name", "/read", 200, '["2",null,["2"]]', sent("a=1; a=2")],
    ["give unicode", "/read", 200, '["ü",null,["ü"]]', sent("a=%C3%BC")],
    ["give a slash", "/read", 200, '["/",null,["/"]]', sent("a=%2F")],
    ["give a long value", "/read", 200, shown([long, null, [long]]), sent(`a=${long}`)],
    ["are empty when set empty", "/set?v=", 200, "a="],
    ["are percent-encoded when set", "/set?v=%C3%BC/!", 200, "a=%C3%BC%2F%21"],
    ["are refused when browsers would drop them", `/set?v=${long}`, 500, page(500)],
  ],
);

area(
  "uriFor",
  (app) => {
    app.get("/", ({ uriFor, request }) =>
      uriFor(request.query["p"]?.at(-1) ?? "", { q: request.query["q"] ?? null }),
    );
    app.get("/none", ({ uriFor }) => uriFor("/x"));
  },
  [
    ["gives the base for no path", "/?p=", 200, "https://app.test/?q="],
    ["repeats repeated names", "/?p=/x&q=1&q=&q=1", 200, "https://app.test/x?q=1&q=&q=1"],
    ["encodes unicode", "/?p=/%C3%BC&q=%E2%82%AC", 200, "https://app.test/%C3%BC?q=%E2%82%AC"],
    ["encodes a slash in a value only", "/?p=/a/b&q=a/b", 200, "https://app.test/a/b?q=a%2Fb"],
    ["encodes a percent sign", "/?p=/a%252Fb", 200, "https://app.test/a%252Fb?q="],
    ["takes long paths", `/?p=/${long}`, 200, `https://app.test/${long}?q=`],
    ["stays below the base", "/?p=http://evil.test/", 200, "https://app.test/http://evil.test/?q="],
    ["adds no query for none", "/none", 200, "https://app.test/x"],
  ],
);

/** The built-in page of a status. */
function page(status: number): string {
  return expect.stringContaining(`Error ${status}`) as string;
}

function calling(value: string): Options {
  return { headers: { "x-requested-with": value } };
}

function sent(cookie: string): Options {
  return { headers: { cookie } };
}
