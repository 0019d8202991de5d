// What every server shares: its arguments (port, case, variant), the payload of a session, the page's data,
// and the routes that surround the measured one.
import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";

export const port = Number(process.argv[2]);
export const kase = process.argv[3] ?? "hello";
export const variant = process.argv[4] ?? "";
export const host = "127.0.0.1";

export const isParam = kase === "param";
export const isApp = kase === "app";
export const isCookieSession = kase === "session-read" || kase === "session-write" || isApp;
export const isMemSession = kase === "memsession";
export const usesViews = kase === "template" || isApp;

export const views = fileURLToPath(new URL("../fixtures/views", import.meta.url));
export const publicDir = fileURLToPath(new URL("../fixtures/public", import.meta.url));

export const password = "a-password-of-more-than-32-characters-for-bench";
export const key = createHash("sha256").update(password).digest();

/** About 100 bytes as JSON; frameworks add ids and times. */
export const payload = () => ({
  user_id: 42,
  name: "alice",
  roles: ["admin", "editor"],
  csrf: "b1946ac92492d2347c6235b4d2611184",
});

/** What the page shows; one label needs escaping. */
export const items = Array.from({ length: 10 }, (_, id) => ({
  id,
  label: id === 3 ? "salt & <pepper>" : `item ${id}`,
}));
export const page = (name) => ({ title: "Items", name, items });

const resources = [
  "users",
  "posts",
  "comments",
  "products",
  "orders",
  "invoices",
  "projects",
  "teams",
  "files",
];
const extraRoutes = [];
for (const r of resources) {
  extraRoutes.push(
    ["get", `/api/${r}`],
    ["post", `/api/${r}`],
    ["get", `/api/${r}/:id`],
    ["put", `/api/${r}/:id`],
    ["delete", `/api/${r}/:id`],
  );
}
extraRoutes.push(
  ["get", "/about"],
  ["get", "/login"],
  ["post", "/login"],
  ["post", "/logout"],
  ["get", "/health"],
  ["get", "/api/users/:id/posts"],
  ["get", "/api/users/:id/posts/:post_id"],
  ["get", "/api/orders/:id/items"],
);

/** Calls `addOther(method, path)` for each of 53 routes and `addHello()` in their middle, where linear routers show their average. */
export function registerMany(addOther, addHello) {
  const half = extraRoutes.length >> 1;
  extraRoutes.forEach(([m, p], i) => {
    if (i === half) addHello();
    addOther(m, p);
  });
}

/** Renders the page with its layout by eta, as an app without a view layer of its own does by hand. */
export async function createRender() {
  const { Eta } = await import("eta");
  const eta = new Eta({ views, cache: true, autoEscape: true });
  return (data) => eta.render("./layouts/main", { ...data, content: eta.render("./items", data) });
}
