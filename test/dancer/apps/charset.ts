/** The suite charset: text is UTF-8 on its way in and out, bytes are left alone. */
import type { App } from "../../../src/app.ts";
import { toJson } from "../../../src/serializers.ts";

export default function define(app: App): void {
  app.set("charset", "UTF-8");
  app.get("/text", ({ contentType }) => {
    contentType("text/plain");
    return "café €";
  });
  app.get("/lit", () => "literal é €");
  app.get("/echo", ({ param }) => param("w"));
  app.post("/echo", ({ param }) => counted(param("w")));
  app.get("/p/é", () => "route with é");
  app.get("/t/:w", ({ params }) => counted(params.w));
  app.get("/view", ({ template }) => template("u", { word: "über" }));
  app.get("/json", ({ contentType }) => {
    contentType("json");
    return toJson({ w: "é€" });
  });
  app.get("/bin", ({ contentType }) => {
    contentType("application/octet-stream");
    return Buffer.from([0, 127, 128, 255]);
  });
  app.get("/img", ({ contentType }) => {
    contentType("png");
    return Buffer.from("\x89PNG", "latin1");
  });
  app.get("/own", ({ contentType }) => {
    contentType("text/html; charset=utf-8");
    return "é";
  });
  app.get("/other", ({ contentType }) => {
    contentType("text/html; charset=iso-8859-1");
    return "é";
  });
  app.get("/xml", ({ contentType }) => {
    contentType("application/xml");
    return "<a>é</a>";
  });
  app.get("/emoji", () => "\u{1f600}");
  app.get("/set", () => app.setting("charset"));
  app.get("/bytes", () => "\u00c3\u00a9");
  app.get("/data", ({ sendFile }) => sendFile("é", { data: true, contentType: "text/plain" }));
}

function counted(text = ""): string {
  return `${text} ${text.length}`;
}
