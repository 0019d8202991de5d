/** Plugins: keywords, hooks and settings that packages add; and the ajax plugin. */
import { describe, expect, it } from "vitest";
import { ajaxPlugin } from "../src/ajax.ts";
import { RouteError } from "../src/errors.ts";
import { definePlugin } from "../src/plugin.ts";
import { createApp, visit } from "./support/app.ts";

const counter = definePlugin({
  name: "Counter",
  setup: ({ app, settings }) => {
    let count = 0;
    app.hook("before", ({ header }) => header("X-Count", (count += 1)));
    return { count: () => count, step: () => settings["step"], names: () => Object.keys(settings) };
  },
});

describe("a plugin", () => {
  it("gives the same keywords to the same app, and sets up once", async () => {
    const app = createApp({ session: null }, (it) => it.get("/", () => "x"));
    expect(counter(app)).toBe(counter(app));
    expect((await visit(app).get("/")).header("x-count")).toBe("1");
  });

  it("keeps apps apart", async () => {
    const [one, two] = [1, 2].map(() =>
      createApp({ session: null }, (it) => {
        const { count } = counter(it);
        it.get("/", () => String(count()));
      }),
    );
    await visit(one!).get("/");
    expect((await visit(two!).get("/")).text).toBe("1");
  });

  it("reads its own section of the configuration, and an empty one where there is none", () => {
    const settings = { session: null, plugins: { Counter: { step: 5 }, Other: { x: 1 } } };
    const { step, names } = counter(createApp(settings));
    expect([step(), names()]).toEqual([5, ["step"]]);
    expect(counter(createApp({ session: null })).names()).toEqual([]);
  });

  it.each(["constructor", "toString", "__proto__"])(
    "named %j finds no section that nobody wrote",
    (name) => {
      const odd = definePlugin({ name, setup: ({ settings }) => ({ settings }) });
      expect(Object.keys(odd(createApp({ session: null })).settings)).toEqual([]);
    },
  );

  it("has hooks that are known once it is there", () => {
    const app = createApp({ session: null });
    const add = (): void => app.hook("before_counting" as never, (() => undefined) as never);
    expect(add).toThrow(RouteError);
    expect(add).toThrow(/unknown hook "before_counting"/);
    app.defineHook("before_counting" as never);
    expect(add).not.toThrow();
  });

  it("runs hooks of apps that were loaded into the app", async () => {
    const seen: string[] = [];
    const app = createApp({ session: null }, (it) => {
      const run = it.defineHook("before_counting" as never) as (data: object) => unknown;
      it.get("/", async () => {
        await run({});
        return seen.join(" ");
      });
      const mark = (name: string) => (() => seen.push(name)) as never;
      it.hook("before_counting" as never, mark("root"));
      it.loadApp((child) => child.hook("before_counting" as never, mark("child")));
    });
    expect((await visit(app).get("/")).text).toBe("root child");
  });
});

describe("the ajax plugin", () => {
  const asked = { headers: { "x-requested-with": "XMLHttpRequest" } };

  it("types parameters, decodes paths and takes a prefix as other routes do", async () => {
    const app = createApp({ session: null }, (it) => {
      const { ajax } = ajaxPlugin(it);
      it.prefix("/api");
      ajax("/items/:id", ({ params }) => `<item>${params.id}</item>`);
    });
    const reply = await visit(app).get("/api/items/%E2%82%AC%20", asked);
    expect([reply.text, reply.header("content-type")]).toEqual([
      "<item>€ </item>",
      "text/xml; charset=utf-8",
    ]);
    expect((await visit(app).get("/api/items/1")).status).toBe(404);
  });

  it.each([
    ["the header twice", "XMLHttpRequest, XMLHttpRequest"],
    ["another case", "xmlhttprequest"],
    ["more text", "XMLHttpRequest2"],
    ["nothing", ""],
  ])("does not answer %s", async (_title, value) => {
    const app = createApp({ session: null }, (it) => ajaxPlugin(it).ajax("/", () => "<x/>"));
    const reply = await visit(app).get("/", { headers: { "x-requested-with": value } });
    expect(reply.status).toBe(404);
  });

  it("cannot be had without its condition", async () => {
    const app = createApp({ session: null }, (it) =>
      ajaxPlugin(it).ajax("/", { x_requested_with: /./ }, () => "<x/>"),
    );
    const reply = await visit(app).get("/", { headers: { "x-requested-with": "fetch" } });
    expect(reply.status).toBe(404);
  });
});
