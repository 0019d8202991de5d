/** The suite send-file: files and data as files. */
import { join } from "node:path";
import type { App } from "../../../src/app.ts";

export default function define(app: App): void {
  let count = 0;
  const { appdir } = app.config;
  const report = join(appdir, "private", "report.csv");
  app.hook("after", ({ header }) => header("X-After", "ran"));
  app.get("/doc", ({ sendFile }) => {
    sendFile("doc.txt");
    count += 1;
  });
  app.post("/doc", ({ sendFile }) => sendFile("doc.txt"));
  app.get("/slash", ({ sendFile }) => sendFile("/doc.txt"));
  app.get("/sub", ({ sendFile }) => sendFile("sub/pic.png"));
  app.get("/type", ({ sendFile }) => sendFile("doc.txt", { contentType: "text/markdown" }));
  app.get("/alias", ({ sendFile }) => sendFile("doc.txt", { contentType: "json" }));
  app.get("/name", ({ sendFile }) => sendFile("doc.txt", { filename: "my doc.txt" }));
  app.get("/system", ({ sendFile }) => sendFile(report, { systemPath: true }));
  app.get("/nosystem", ({ sendFile }) => sendFile(report));
  app.get("/missing", ({ sendFile }) => sendFile("nothere.txt"));
  app.get("/missing-s", ({ sendFile }) => sendFile("/no/such/file", { systemPath: true }));
  app.get("/up", ({ sendFile }) => sendFile("../secret.txt"));
  app.get("/user", ({ sendFile, param }) => sendFile(param("f") ?? ""));
  app.get("/data", ({ sendFile }) => sendFile("some data\n", { data: true }));
  app.get("/data-type", ({ sendFile }) =>
    sendFile("a;b\n", { data: true, contentType: "text/csv", filename: "data.csv" }),
  );
  app.get("/stream", ({ sendFile }) => sendFile("doc.txt"));
  app.get("/stream-n", ({ sendFile }) =>
    sendFile("doc.txt", { filename: "s.txt", contentType: "text/x-streamed" }),
  );
  app.get("/status", ({ status, header, sendFile }) => {
    status(202);
    header("X-Own", 1);
    return sendFile("doc.txt");
  });
  app.get("/set-type", ({ contentType, sendFile }) => {
    contentType("text/css");
    return sendFile("doc.txt");
  });
  app.get("/return", ({ sendFile }) => sendFile("doc.txt"));
  app.get("/count", () => count);
}
