/** Dancer's suite "redirect": destinations, status codes, what runs after it. */
import type { App } from "../../../src/app.ts";

const targets: Readonly<Record<string, string>> = {
  abs: "http://other.test/x?y=1#z",
  path: "/place",
  rel: "place",
  up: "../up",
  query: "/place?a=1&b=two words",
  frag: "/place#part",
  enc: "/a%20b",
  scheme: "//other.test/x",
  mail: "mailto:ann@x.test",
  root: "/",
  empty: "",
};

const statuses: Readonly<Record<string, number | string>> = {
  "301": 301,
  "303": 303,
  "307": 307,
  name: "moved_permanently",
};

export default function define(app: App): void {
  app.hook("after", ({ header }) => header("X-After", "ran"));

  for (const [name, target] of Object.entries(targets)) {
    app.get(`/to-${name}`, ({ redirect }) => redirect(target));
  }
  for (const [name, status] of Object.entries(statuses)) {
    app.get(`/to-${name}`, ({ redirect }) => redirect("/place", status));
  }
  app.get("/goes-on", ({ redirect, header }) => {
    redirect("/place");
    header("X-Went", "on");
    return "a body of its own";
  });
  app.get("/returns", ({ redirect }) => redirect("/place"));
  app.get("/twice", ({ redirect }) => {
    redirect("/first");
    return redirect("/second");
  });
  app.get("/then-status", ({ redirect, status }) => {
    redirect("/place");
    status(200);
    return "changed my mind";
  });
  app.get("/cookie", ({ cookie, redirect }) => {
    cookie("flash", "saved");
    return redirect("/place");
  });
  app.post("/post", ({ redirect }) => redirect("/place"));
  app.get("/from-user", ({ param, redirect }) => redirect(param("to") ?? ""));
  app.get("/place", () => "place");
}
