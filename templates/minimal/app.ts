/** The whole app. */
import { dance, get, session } from "quickstep";

declare module "quickstep" {
  interface SessionData {
    visits: number;
  }
}

get("/", ({ contentType }) => {
  contentType("text/plain");
  return `Visit ${session("visits", (session("visits") ?? 0) + 1)}.\n`;
});

get("/hello/:name", ({ params, contentType }) => {
  contentType("text/plain");
  return `Hello ${params.name}.\n`;
});

get("/health", { session: false }, () => ({ status: "ok" }));

export const server = await dance();
