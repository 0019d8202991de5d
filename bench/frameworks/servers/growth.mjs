// Quickstep with much of something: variant "routes-10000", "hooks-20", "sessions-100000" or "size-4" (hundreds of bytes).
import { randomBytes } from "node:crypto";
import { App } from "../../../dist/index.js";
import { createSimpleStore } from "../../../dist/engines/session/simple.js";
import { port, variant, host, password } from "./_common.mjs";

const [what, text] = variant.split("-");
const count = Number(text);
const app = new App({
  environment: "production",
  settings: {
    server: host,
    port,
    startup_info: false,
    content_type: "text/plain",
    logger: "null",
    session_secure: "auto",
    session: what === "sessions" ? "filled" : what === "size" ? "cookie" : null,
    session_max_entries: 2_000_000,
    ...(what === "size" && { session_cookie_key: password }),
  },
});
if (what === "routes") {
  for (let i = 0; i < count; i += 2) {
    app.get(`/literal/${i}`, () => "ok");
    app.get(`/area-${i}/:id`, () => "ok");
  }
  app.get("/hello/:name", ({ params }) => `Hello, ${params.name}!`);
}
if (what === "hooks")
  for (let i = 0; i < count; i++)
    app.hook("before", ({ vars }) => {
      vars.n = i;
    });
app.engine("session").register("filled", (options) => {
  const store = createSimpleStore(options);
  for (let i = 1; i < count; i++) {
    const now = Date.now();
    const id = randomBytes(18).toString("base64url");
    store.save(
      { id, version: 0, createdAt: now, lastSeen: now, data: { name: `user ${i}` } },
      { written: ["name"], deleted: [] },
    );
  }
  return store;
});
app.get("/login", ({ session }) => {
  session("name", "alice");
  if (what === "size") session("filler", "x".repeat(count * 100));
  return "ok";
});
app.get("/whoami", ({ session }) => session("name") ?? "anonymous");
app.get("/", () => "Hello, World!");
await app.listen();
