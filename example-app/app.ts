/** The link board: its routes and hooks, in the words of a Quickstep app. */
import {
  app,
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
import { auth } from "quickstep/auth";
import { csrf } from "quickstep/csrf";
import { Accounts } from "./accounts.ts";
import { ago, hostOf, Links, parseDraft, seeds, type Link } from "./links.ts";
import { session } from "./session.ts";

// No other site can send our forms.
csrf(app);
const { login, logout, requireLogin, user, wayBack } = auth(app);

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

// What the layout shows on every page.
hook("before_template_render", (_ctx, tokens) => {
  tokens["user"] = user();
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

get(
  "/post",
  requireLogin(() => template("post", { form: {} })),
);

post(
  "/links",
  requireLogin(() => {
    const form = request().params("body");
    const draft = parseDraft(form);
    if ("problem" in draft) {
      status(422);
      return template("post", { ...draft, form });
    }
    const link = links.post(draft, user() ?? "");
    session("votes", [...(session("votes") ?? []), link.id].slice(-maxVotes));
    info(`${link.by} posted link ${link.id}`);
    session().flash("notice", "Your link is on the board.");
    return redirect("/", 303);
  }),
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
  return welcome(account.name, `Welcome, ${account.name}.`);
});

get("/login", () => template("login", { name: "" }));

post("/login", async () => {
  const name = param("name") ?? "";
  const account = await accounts.logIn(name, param("password") ?? "");
  if (account === undefined) {
    status(401);
    return template("login", { name, problem: "This name and password do not belong together." });
  }
  return welcome(account.name, `Good to see you, ${account.name}.`);
});

post("/logout", () => {
  logout();
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

/** Logs in, and leads back to the page that wanted a login. */
function welcome(name: string, notice: string): void {
  login(name);
  session().flash("notice", notice);
  info(`${name} logged in`);
  redirect(wayBack(), 303);
}

function findOwn(id: string): Link {
  const link = links.find(id) ?? sendError("there is no such link", 404);
  if (link.by !== user()) sendError("only its poster may delete a link", 403);
  return link;
}

function toView(link: Link) {
  return {
    ...link,
    host: hostOf(link),
    ago: ago(link.postedAt),
    isOwn: link.by === user(),
    hasVoted: session("votes")?.includes(link.id) ?? false,
  };
}

function toJson({ postedAt, ...link }: Link) {
  return { ...link, postedAt: postedAt.toISOString(), page: uriFor(`/links/${link.id}`) };
}
