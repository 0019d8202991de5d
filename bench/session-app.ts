/** The app that the session benchmarks ask. */
import { App } from "../src/app.ts";

const app = new App({
  environment: "development",
  settings: {
    session: "redis",
    engines: { redis: { url: process.env["BENCH_REDIS"] } },
    server: "127.0.0.1",
    logger: "null",
  },
});
app.get("/plain", () => "plain");
app.get("/set/:key", ({ session, params }) => session(params.key, params.key));
app.get("/keys", ({ session }) => session().keys());
app.get("/slow/:ms", async ({ session, params }) => {
  session("before", 1);
  await new Promise((resolve) => setTimeout(resolve, Number(params.ms)));
  return session("slow", 1);
});
app.get("/logout", ({ session }) => {
  session().destroy();
  return "bye";
});
await app.dance();
