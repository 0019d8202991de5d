/** Dancer's suite "halt": halt in route handlers. */
import type { App } from "../../../src/app.ts";

export default function define(app: App): void {
  let ran = 0;
  app.hook("after", ({ header }) => header("X-After", "ran"));

  app.get("/plain", ({ halt }) => {
    halt("stopped");
    ran += 1;
    return "not this";
  });
  app.get("/status", ({ status, halt }) => {
    status(403);
    halt("forbidden");
  });
  app.get("/late", ({ status, halt }) => {
    halt("first");
    status(500);
  });
  app.get("/header", ({ header, contentType, cookie, halt }) => {
    header("X-Kept", "yes");
    contentType("json");
    cookie("c", "v");
    halt('{"halted":true}');
  });
  app.get("/empty", ({ halt }) => halt());
  app.get("/undef", ({ halt }) => halt(undefined));
  app.get("/zero", ({ halt }) => halt(0));
  app.get("/inner", ({ halt }) => {
    const inner = (): never => halt("from inside");
    inner();
  });
  app.get("/eval", ({ halt }) => {
    let caught = "nothing";
    try {
      halt("x");
    } catch {
      caught = "caught";
    }
    return `after eval: ${caught}`;
  });
  app.get("/redir", ({ redirect, halt }) => {
    redirect("/there");
    halt("moved");
  });
  app.get("/return", ({ halt }) => halt("returned"));
  app.post("/post", ({ halt, param }) => halt(`post ${param("x") ?? ""}`));
  app.get("/ran", () => ran);
  app.get("/cond/:n", ({ params, halt }) => {
    if (!(Number(params.n) > 5)) halt("too small");
    return "big enough";
  });
}
