/** The suite errors-shown: what a developer sees, and what stays hidden even then. */
import type { App } from "../../../src/app.ts";

export default function define(app: App): void {
  app.get("/die", () => {
    throw new Error("broken <b>bold</b> & 'quoted'");
  });
  app.get("/send", ({ sendError }) => sendError("teapot is empty", 418));
  app.get("/send5", ({ sendError }) => sendError("something <i>odd</i>"));
  app.get("/pass", ({ pass }) => pass());
  app.get("/view", ({ template }) => template("missing"));
  app.get("/line", () => {
    throw new Error("with a line");
  });
}
