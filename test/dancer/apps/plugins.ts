/** Dancer's suite "plugins": keywords, configuration and hooks of a plugin. */
import type { App } from "../../../src/app.ts";
import { bare, greeter } from "../support/greeter.ts";

export default function define(app: App): void {
  const { greet, greeted, whoAsks, deny, pageFor, configKeys } = greeter(app);
  const { bareSettings } = bare(app);

  app.hook("before_greeting", (data) => {
    if (data.name === "ann") data.name = "Ann";
  });
  app.hook("after_greeting", (data) => {
    if (data.text.includes("Ann")) data.text += " (hooked)";
  });

  app.get("/greet/:n", ({ params }) => greet(params.n));
  app.get("/count", () => greeted());
  app.get("/who", () => whoAsks());
  app.get("/deny", () => {
    deny();
    return "not reached";
  });
  app.get("/bare", () => bareSettings());
  app.get("/keys", () => configKeys());
  pageFor("/made", () => "made by a plugin keyword");
}
