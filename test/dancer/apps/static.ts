/** The suite static: files below public. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { App } from "../../../src/app.ts";

export default function define(app: App): void {
  // Written here, because tools that take lists of files stumble over the space.
  writeFileSync(join(app.config.appdir, "public", "with space.txt"), "space\n");
  app.hook("before", ({ header }) => header("X-Before", 1));
  app.get("/route", () => "the route");
  app.get("/sub", () => "route beside a directory");
  app.get("/:any", ({ params }) => `route ${params.any}`);
  app.post("/hello.txt", () => "posted to a file name");
}
