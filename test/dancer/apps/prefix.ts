/** Dancer's suite "prefix": plain, nested with blocks, reset, regular expressions. */
import type { App } from "../../../src/app.ts";
import type { Env } from "../support/server.ts";

export default function define(app: App, env: Env): void {
  app.get("/here", () => "no prefix []");

  app.prefix("/shop");
  app.get("/", () => "shop root");
  app.get("/cart", () => "cart");
  app.get("/item/:id", ({ params }) => `item ${params.id}`);
  app.get(/\/re\/(\d)/, ({ splat }) => `regex ${String(splat[0])}`);
  app.get("/*/splat", ({ splat }) => `splat ${String(splat[0])}`);
  app.get("/name", () => "at run time []");

  app.prefix(null);
  app.get("/cart", () => "top cart");

  app.prefix("/a", () => {
    app.get("/x", () => "a x");
    app.prefix("/b", () => {
      app.get("/x", () => "a b x");
      app.get("/", () => "a b root");
    });
    app.get("/y", () => "a y");
  });
  app.get("/after", () => "after block");

  app.prefix("/slash");
  app.prefix("/");
  app.get("/reset", () => "prefix / resets");

  const last = env["QS_PREFIX"];
  if (last !== undefined) app.prefix(last);
}
