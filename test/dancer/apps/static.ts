/** The suite static: files below public. */
import type { App } from "../../../src/app.ts";

export default function define(app: App): void {
  app.hook("before", ({ header }) => header("X-Before", 1));
  app.get("/route", () => "the route");
  app.get("/sub", () => "route beside a directory");
  app.get("/:any", ({ params }) => `route ${params.any}`);
  app.post("/hello.txt", () => "posted to a file name");
}
