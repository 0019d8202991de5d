/** The suite status: statuses by number and by name. */
import type { App } from "../../../src/app.ts";

export default function define(app: App): void {
  app.get("/set/:s", ({ status, params }) => `now ${status(params.s)}`);
  app.get("/twice", ({ status }) => {
    status("created");
    status("accepted");
    return "ok";
  });
  app.get("/unset", ({ status }) => status());
  app.get("/num", ({ status }) => {
    status(201);
    return "made";
  });
}
