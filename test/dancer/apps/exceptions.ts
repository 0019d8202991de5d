/** The suite exceptions: classes of errors, catching them, and the hooks that see them. */
import type { App } from "../../../src/app.ts";
import type { Env } from "../support/server.ts";
import { HTTPError } from "../../../src/errors.ts";

class Zoo extends Error {
  constructor(what: string, where?: string) {
    super(where === undefined ? `zoo problem: ${what}` : `lion problem: ${what} at ${where}`);
  }
}
class Lion extends Zoo {}
class Plain extends Error {}

export default function define(app: App, env: Env): void {
  const notes: string[] = [];
  app.set("show_errors", env["QS_SHOW"] === "1");
  app.hook("on_route_exception", ({ status }, thrown) => {
    const isClass = thrown instanceof Zoo || thrown instanceof Plain;
    notes.push(`route:${isClass ? `Dancer::Exception::${thrown.constructor.name}` : "text"}`);
    status(402);
  });
  app.hook("on_handler_exception", () => {
    notes.push("handler");
  });
  app.hook("before", ({ request }) => {
    if (request.path === "/hook") throw new Zoo("in hook");
  });
  app.get("/text", () => {
    throw "plain text";
  });
  app.get("/zoo", () => {
    throw new Zoo("gate open");
  });
  app.get("/lion", () => {
    throw new Lion("escaped", "noon");
  });
  app.get("/plain", () => {
    throw new Plain("just this");
  });
  app.get("/hook", () => "never");
  app.get("/catch", () => {
    try {
      throw new Lion("a", "b");
    } catch (caught) {
      const { message } = caught as Error;
      const is = (yes: boolean): string => (yes ? "is" : "no");
      return `caught ${message} ${is(caught instanceof Zoo)} Zoo ${is(caught instanceof Lion)} Lion ${is(caught instanceof HTTPError)} Core`;
    }
  });
  app.get("/catcht", () => {
    try {
      throw "text\n";
    } catch (caught) {
      return `caught ${String(caught)}`;
    }
  });
  app.get("/comp", () => {
    const names: string[] = [];
    for (
      let type = Lion as unknown;
      type !== Function.prototype;
      type = Object.getPrototypeOf(type)
    ) {
      names.push((type as { name: string }).name);
    }
    return names
      .map((name) => (name === "Error" ? "Base" : name))
      .sort()
      .join(",");
  });
  app.get("/core", ({ allParams }) => {
    try {
      return JSON.stringify(allParams("nonsense" as never));
    } catch (caught) {
      const { message, name } = caught as Error;
      return `${name} ${message}`;
    }
  });
  app.get("/halt", ({ halt }) => {
    try {
      return halt("halted");
    } catch (caught) {
      if (caught instanceof Error) return "caught";
      throw caught;
    }
  });
  app.get("/evalhalt", ({ halt }) => {
    try {
      halt("halted");
    } catch {
      // Swallowed, as Perl's eval does.
    }
    return "after eval";
  });
  app.get("/rethrow", () => {
    try {
      throw new Zoo("again");
    } catch (caught) {
      throw caught as Zoo;
    }
  });
  app.get("/seen", () => notes.splice(0).join(" "));
  app.get("/state", (ctx) => {
    ctx.status(418);
    ctx.header("X-Left", 1);
    ctx.var("left", 1);
    throw new Error("died");
  });
  app.get("/after", (ctx) => (ctx.var("left") === undefined ? "no var" : String(ctx.var("left"))));
}
