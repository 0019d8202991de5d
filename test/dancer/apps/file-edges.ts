/** Our own suite "file-edges": static names and types, sendFile with options, data, hooks around files. */
import { join } from "node:path";
import type { App } from "../../../src/app.ts";
import type { Context } from "../../../src/context.ts";
import type { SendFileOptions } from "../../../src/signals.ts";

export default function define(app: App): void {
  const folder = join(app.config.appdir, "private");
  app.mimeTypes.addType("foo", "x-foo/bar");
  app.hook("after_file_render", ({ header }) => header("X-File", "yes"));
  app.hook("before", ({ header, request, halt }) => {
    header("X-Before", 1);
    if (request.path === "/halted") halt("halted");
  });
  app.hook("after", ({ header }) => header("X-After", 1));
  const sends = (path: string, options: (param: (name: string) => string) => SendFileOptions) =>
    app.get(path, ({ param, sendFile }) =>
      sendFile(
        param("f") ?? "",
        options((name) => param(name) ?? ""),
      ),
    );
  const sendsA = (path: string, first: (ctx: Context) => void): void =>
    app.get(path, (ctx) => {
      first(ctx);
      return ctx.sendFile("a.txt");
    });

  app.get("/a.txt", () => "route");
  sends("/s", () => ({}));
  sends("/st", (param) => ({ contentType: param("t") }));
  sends("/sn", (param) => ({ filename: param("n") }));
  app.get("/sys", ({ param, sendFile }) =>
    sendFile(join(folder, param("f") ?? ""), { systemPath: true }),
  );
  app.get("/data", ({ param, sendFile }) => {
    const filename = param("n");
    const options = { data: true, contentType: param("t") ?? "text/plain" };
    return sendFile(param("d") ?? "", filename === undefined ? options : { ...options, filename });
  });
  app.get("/data-none", ({ sendFile }) => sendFile("raw", { data: true }));
  sendsA("/status", ({ status }) => status(203));
  sendsA("/cookie", ({ cookie, header }) => {
    cookie("c", 1);
    header("X-Own", 2);
  });
  sendsA("/ctype", ({ contentType }) => contentType("text/x-own"));
  sendsA("/disp", ({ header }) => header("Content-Disposition", "inline"));
  app.get("/dir", ({ sendFile }) => sendFile("sub"));
  app.get("/empty", ({ sendFile }) => sendFile(""));
  app.get("/var", ({ sendFile }) => sendFile("sub/b.css"));
  app.post("/s", ({ sendFile }) => sendFile("a.txt"));
  sendsA("/halted", () => undefined);
  app.any("/only.txt", () => "any");
}
