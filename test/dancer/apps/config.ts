/** The suite config: files, environments, settings in code and what they are when nobody sets them. */
import { join } from "node:path";
import type { App } from "../../../src/app.ts";

export default function define(app: App): void {
  app.config.set("set_in_code", "code");
  app.config.set("new_in_code", "new");
  app.get("/s/:name", ({ params }) => show(app.setting(params.name)));
  app.get("/c/:name", ({ params, settings }) =>
    show((settings as unknown as Record<string, unknown>)[params.name]),
  );
  app.get("/true", () =>
    Object.entries(app.setting("types") as Record<string, unknown>)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => `${name}=${isTrue(value)}`)
      .join(","),
  );
  const set = app.set.bind(app) as (name: string, value: unknown) => unknown;
  app.get("/runtime", () => set("overridden", "at run time"));
  app.get("/several", () => Number(set("a1", 1)) + Number(set("a2", 2)));
  app.get("/ret", () => [set("x", 1), set("y", 2)].length);
  app.get("/same", () => {
    const { appdir } = app.config;
    const { views, public: publicDir } = app.settings;
    const defaults = [join(appdir, "views"), join(appdir, "public")];
    const found = [views, publicDir].map((folder) => join(appdir, folder));
    return found.join() === defaults.join() ? "defaults" : found.join();
  });
}

function isTrue(value: unknown): boolean {
  return Boolean(value) && value !== "0";
}

function show(value: unknown): string {
  if (value === undefined || value === null) return "undef";
  if (Array.isArray(value)) return `[${value.map(show).join("+")}]`;
  if (typeof value !== "object") return `<${String(value)}>`;
  const pairs = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${pairs.map(([name, inner]) => `${name}=${show(inner)}`).join(",")}}`;
}
