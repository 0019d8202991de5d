/** The routes that the recorded session apps share. */
import type { App } from "../../../src/app.ts";

/** Declares `/set/:k/:v`, `/get/:k` and `/destroy`. */
export function sessionRoutes(app: App): void {
  app.get("/set/:k/:v", ({ session, params }) => {
    session(params.k, params.v);
    return "set";
  });
  app.get("/get/:k", ({ session, params }) => {
    const value = session(params.k);
    return value === undefined || value === null ? "undef" : `[${String(value)}]`;
  });
  app.get("/destroy", ({ session }) => {
    session().destroy();
    return "destroyed";
  });
}
