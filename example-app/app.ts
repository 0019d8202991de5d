/** The link board: its routes and hooks, in the words of a Quickstep app. */
import {
  config,
  del,
  get,
  hook,
  info,
  param,
  post,
  prefix,
  redirect,
  request,
  sendError,
  sendFile,
  status,
  template,
  uriFor,
} from "quickstep";
import { Accounts } from "./accounts.ts";
import { ago, hostOf, Links, parseDraft, seeds, type Link } from "./links.ts";
import { session } from "./session.ts";

const links = new Links(seeds);
const accounts = new Accounts(seeds.map((seed) => seed.by));

/** Votes that a session remembers; a cookie has 4096 bytes. */
const maxVotes = 300;

/** No script, no frame, nothing from elsewhere. */
const policy = [
  "default-src 'none'",
  "style-src 'self'",
  "img-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

hook("after", ({ headers }) => {
  headers({
    "Content-Security-Policy": policy,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
  });
});

// Together with the session cookie's SameSite=Lax: no other site can send our forms.
hook("before", ({ request }) => {
  if (["GET", "HEAD", "OPTIONS"].includes(request.method)) return;
  const site = request.header("sec-fetch-site");
  const origin = request.header("origin")?.replace(/^https?:\/\//, "");
  const isOurs =
    site === undefined ? (origin ?? request.host) === request.host : site === "same-origin";
  if (!isOurs) sendError("this was sent from another site", 403);
});

// What the layout shows on every page.
hook("before_template_render", (_ctx, tokens) => {
  tokens["user"] = session("user");
  tokens["notice"] = session().flash("notice");
});

get("/", () => {
  const visits = session("visits", (session("visits") ?? 0) + 1);
  return template("index", { visits, links: links.all().map(toView) });
});

get("/links/:id", ({ params }) => {
  const link = links.find(params.id) ?? sendError("there is no such link", 404);
  return template("link", { link: toView(link), address: uriFor(`/links/${link.id}`) });
});

post("/links", () => {
  const user = session("user");
  if (user === undefined) return askToLogIn("Log in to post a link.");
  const form = request().params("body");
  const draft = parseDraft(form);
  if ("problem" in draft) {
    status(422);
    return template("post", { ...draft, form });
  }
  const link = links.post(draft, user);
  session("votes", [...(session("votes") ?? []), link.id].slice(-maxVotes));
  info(`${user} posted link ${link.id}`);
  session().flash("notice", "Your link is on the board.");
  return redirect("/", 303);
});

get("/post", () =>
  session("user") === undefined
    ? askToLogIn("Log in to post a link.")
    : template("post", { form: {} }),
);

prefix("/links", () => {
  post("/:id/vote", ({ params }) => {
    const link = links.find(params.id) ?? sendError("there is no such link", 404);
    const votes = session("votes") ?? session("votes", []);
    if (!votes.includes(link.id)) {
      links.vote(link);
      // The session notices: what was read from it is live.
      votes.push(link.id);
      votes.splice(0, votes.length - maxVotes);
    }
    return redirect("/", 303);
  });

  post("/:id/delete", ({ params }) => {
    links.remove(findOwn(params.id));
    session().flash("notice", "The link is gone.");
    return redirect("/", 303);
  });
});

get("/signup", () => template("signup", { name: "" }));

post("/signup", async () => {
  const name = param("name") ?? "";
  const account = await accounts.signUp(name, param("password") ?? "");
  if ("problem" in account) {
    status(422);
    return template("signup", { ...account, name });
  }
  welcome(account.name, `Welcome, ${account.name}.`);
  return redirect("/", 303);
});

get("/login", () => template("login", { name: "" }));

post("/login", async () => {
  const name = param("name") ?? "";
  const account = await accounts.logIn(name, param("password") ?? "");
  if (account === undefined) {
    status(401);
    return template("login", { name, problem: "This name and password do not belong together." });
  }
  welcome(account.name, `Good to see you, ${account.name}.`);
  return redirect("/", 303);
});

post("/logout", () => {
  session().destroy();
  session().flash("notice", "You are logged out.");
  return redirect("/", 303);
});

get("/export", () => {
  const text = links.all().map((link) => `- [${link.title}](${link.url})\n`);
  const name = String(config().app["name"]);
  return sendFile(`# ${name}\n\n${text.join("")}`, {
    data: true,
    filename: `${name.toLowerCase()}.md`,
    contentType: "text/markdown",
  });
});

prefix("/api", () => {
  // Objects and lists become JSON.
  get("/links", { session: false }, () => links.all().map(toJson));

  get("/links/:id", { session: false }, ({ params }) =>
    toJson(links.find(params.id) ?? sendError("there is no such link", 404)),
  );

  del("/links/:id", ({ params }) => {
    links.remove(findOwn(params.id));
    status(204);
  });
});

/** A change of privilege: the id that was there before is worth nothing now. */
function welcome(name: string, notice: string): void {
  session().regenerate();
  session("user", name);
  session().flash("notice", notice);
  info(`${name} logged in`);
}

function askToLogIn(notice: string): void {
  session().flash("notice", notice);
  redirect("/login", 303);
}

function findOwn(id: string): Link {
  const link = links.find(id) ?? sendError("there is no such link", 404);
  if (link.by !== session("user")) sendError("only its poster may delete a link", 403);
  return link;
}

function toView(link: Link) {
  return {
    ...link,
    host: hostOf(link),
    ago: ago(link.postedAt),
    isOwn: link.by === session("user"),
    hasVoted: session("votes")?.includes(link.id) ?? false,
  };
}

function toJson({ postedAt, ...link }: Link) {
  return { ...link, postedAt: postedAt.toISOString(), page: uriFor(`/links/${link.id}`) };
}
