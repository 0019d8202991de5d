/** The link board: its routes and hooks, in the words of a Quickstep app. */
import {
  app,
  del,
  get,
  hook,
  info,
  param,
  params,
  post,
  prefix,
  redirect,
  sendError,
  sendFile,
  session,
  setting,
  status,
  template,
  upload,
  uriFor,
} from "quickstep";
import { auth } from "quickstep/auth";
import { csrf } from "quickstep/csrf";
import { Accounts } from "./accounts.ts";
import { ago, hostOf, Links, parseDraft, seeds, type Link } from "./links.ts";
import { fromMarkdown, toMarkdown } from "./markdown.ts";

// Types for session("…") and setting("app").
declare module "quickstep" {
  interface SessionData {
    /** How often the front page was shown. */
    visits: number;
    /** Ids of the links this visitor voted for. */
    votes: number[];
  }
  interface Settings {
    readonly app: { readonly name: string; readonly motto: string };
  }
}

/** Votes that a session remembers; a cookie has 4096 bytes. */
const maxVotes = 300;

const links = new Links(seeds);
const accounts = new Accounts(seeds.map((seed) => seed.by));

// Plugins: no other site can send our forms, and words for logging in and out.
csrf(app);
const { login, logout, requireLogin, user, wayBack } = auth(app);

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
    const form = params("body");
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
  const { name } = setting("app");
  return sendFile(toMarkdown(name, links.all()), {
    data: true,
    filename: `${name.toLowerCase()}.md`,
    contentType: "text/markdown",
  });
});

post(
  "/import",
  requireLogin(() => {
    const drafts = fromMarkdown(String(upload("list")?.content ?? ""));
    if (drafts.length === 0) {
      status(422);
      const problem = "A list has lines such as - [Title](https://example.org/).";
      return template("post", { form: {}, problem });
    }
    for (const draft of drafts) links.post(draft, user() ?? "");
    session().flash("notice", `Added to the board: ${drafts.length}.`);
    return redirect("/", 303);
  }),
);

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

export { app };

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
