/** Dancer's suite "hooks-order": order, what hooks see, when they run. */
import type { App } from "../../../src/app.ts";

export default function define(app: App): void {
  let trace: string[] = [];
  const told = (): string => trace.join(" > ");

  app.hook("before", () => {
    trace = ["before1"];
  });
  app.hook("before", ({ route }) => trace.push(`before2 ${route?.pattern ?? "no route"}`));
  app.hook("after", ({ response, header }) => {
    trace.push(`after1 ${response.status}`);
    header("X-Trace", told());
  });
  app.hook("after", ({ header }) => {
    trace.push("after2");
    header("X-Trace", told());
  });
  app.hook("after", ({ request, response }) => {
    if (request.path === "/upper") response.content = String(response.content).toUpperCase();
  });
  app.hook("after", ({ request, status }) => {
    if (request.path === "/status") status(299);
  });
  // Dancer's deprecated keywords "before" and "after" are these hooks.
  app.hook("before", ({ vars }) => (vars["old_style"] = "before keyword"));
  app.hook("after", ({ vars, header }) =>
    header("X-Old", `${String(vars["old_style"])} and after keyword`),
  );
  app.hook("before", ({ request, halt }) => {
    if (request.path === "/trace-last") halt("unused");
  });

  app.get("/", () => {
    trace.push("route");
    return "home";
  });
  app.get("/upper", () => "make me loud");
  app.get("/status", () => "status is changed");
  app.get("/p/:x", ({ pass }) => {
    trace.push("passes");
    pass();
  });
  app.get("/p/*", () => {
    trace.push("passed to");
    return "p";
  });
  app.get("/shown", () => told());
}
