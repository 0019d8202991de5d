/** The suite body-uploads: raw bodies, files in forms, and the fields beside them. */
import { join } from "node:path";
import type { App } from "../../../src/app.ts";

export default function define(app: App): void {
  app.any("/raw", ({ request }) => {
    const facts = `] ${request.contentLength} ${request.contentType ?? ""}`;
    return Buffer.concat([Buffer.from("["), request.bytes, Buffer.from(facts)]);
  });
  app.hook("after", ({ request, contentType }) => {
    if (request.path === "/raw") contentType("text/html");
  });
  app.post("/file", ({ upload }) => {
    const doc = upload("doc");
    if (doc === undefined) return "no file";
    const { filename, basename, size, type = "no type", content } = doc;
    return [filename, basename, size, type, content.toString()].join(" | ");
  });
  app.post("/many", ({ uploads }) => {
    const docs = uploads("docs");
    return `${docs.length} ${docs.map(({ filename, size }) => `${filename}:${size}`).join(",")}`;
  });
  app.post("/fields", ({ allParams, paramArray }) =>
    Object.keys(allParams())
      .sort()
      .map((name) => `${name}=${paramArray(name).join("+")}`)
      .join(" | "),
  );
  app.post("/copy", async ({ upload }) => {
    const doc = upload("doc");
    await doc?.copyTo(join(app.config.appdir, "kept.txt"));
    return `copied ${String(doc?.content)}`;
  });
  app.post("/names", ({ uploads }) => Object.keys(uploads()).sort().join(","));
  app.post("/head", ({ upload }) =>
    Object.entries(upload("doc")?.headers ?? {})
      .map(([name, value]) => `${name.replace(/\b\w/g, (first) => first.toUpperCase())}: ${value}`)
      .sort()
      .join(" ; "),
  );
  app.post(
    "/lines",
    ({ upload }) => upload("doc")?.content.toString().trimEnd().split("\n").length,
  );
}
