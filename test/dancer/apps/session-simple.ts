/** The suite session-simple: sessions in memory. */
import type { App } from "../../../src/app.ts";
import type { Env } from "../support/server.ts";
import { sessionRoutes } from "../support/session-routes.ts";

export default function define(app: App, env: Env): void {
  app.set("session", env["QS_SESSION"] === "none" ? null : "simple");
  sessionRoutes(app);
  app.get("/read-only", () => "no session used");
  app.get("/whole", ({ session }) =>
    [
      ...session()
        .entries()
        .map(([key, value]) => `${key}=${String(value)}`),
      "id=ID",
    ]
      .sort()
      .join(","),
  );
  app.get("/data", ({ session }) => {
    session("list", [1, 2]);
    session("map", { k: "v" });
    return "stored";
  });
  app.get("/data-get", ({ session }) => {
    const map = session("map") as { k: string } | undefined;
    return [...((session("list") ?? []) as unknown[]), map?.k ?? "none"].join("+");
  });
  app.get("/push", ({ session }) => {
    (session("list") as unknown[]).push(3);
    return "pushed";
  });
  app.get("/destroy2", ({ session }) => {
    session().destroy();
    const a = session("a");
    return a === undefined ? "gone at once" : `still ${String(a)}`;
  });
  app.get("/bye", ({ session }) => {
    session().destroy();
    session("message", "bye");
    return "destroyed, message stored";
  });
  app.get("/fwd", ({ session, forward }) => {
    session("w", "forwarded");
    return forward("/get/w");
  });
  app.get("/idkey", ({ session }) => {
    session("id", "mine");
    return "stored id";
  });
  app.get("/id", ({ session }) => session().id);
  app.get("/undef", ({ session }) => {
    session().delete("a");
    return "unset";
  });
  app.get("/count", ({ session }) => session("n", Number(session("n") ?? 0) + 1));
  app.get("/ret", ({ session }) => session("r", "returned"));
  app.get("/direct", ({ session }) => {
    session().set("direct", "d");
    return session("direct");
  });
  app.get("/falsekey", ({ session }) => {
    session("0", "zero");
    session("", "empty");
    return ["0", ""].map((key) => (session(key) === undefined ? "undef" : "set")).join(",");
  });
}
