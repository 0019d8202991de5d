/** The API: notes, which each visitor has for themselves. */
import { randomUUID } from "node:crypto";
import {
  app,
  del,
  get,
  post,
  prefix,
  put,
  request,
  sendError,
  session,
  status,
  uriFor,
} from "quickstep";
import { Notes, parseDraft, type Draft, type Note } from "./notes.ts";

declare module "quickstep" {
  interface SessionData {
    /** Under which the visitor's notes are kept; it leaves the server only inside the sealed cookie. */
    owner: string;
  }
}

const notes = new Notes();

get("/health", { session: false }, () => ({ status: "ok" }));

prefix("/notes", () => {
  get("/", () => notes.all(session("owner")));

  post("/", ({ header }) => {
    const note = notes.add(session("owner") ?? session("owner", randomUUID()), draft());
    status(201);
    header("Location", uriFor(`/notes/${note.id}`));
    return note;
  });

  get("/:id", ({ params }) => find(params.id));

  put("/:id", ({ params }) => notes.change(find(params.id), draft()));

  del("/:id", ({ params }) => {
    notes.remove(find(params.id));
    status(204);
  });
});

export { app };

function find(id: string): Note {
  return notes.find(session("owner"), id) ?? sendError({ error: "there is no such note" }, 404);
}

/** What the body says; JSON only, which no other site's form can send. */
function draft(): Draft {
  if (!request().header("content-type")?.startsWith("application/json")) {
    sendError({ error: "the body must be application/json" }, 415);
  }
  const parsed = parseDraft(request().params("body"));
  return typeof parsed === "string" ? sendError({ error: parsed }, 422) : parsed;
}
