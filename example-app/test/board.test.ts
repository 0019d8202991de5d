import assert from "node:assert/strict";
import { test } from "node:test";
import { createClient } from "quickstep/testing";
import { app } from "../app.ts";

const password = "correct horse battery";

test("shows a link to everybody once it is posted", async () => {
  const visitor = createClient(app, { follow: true });
  await visitor.post("/signup", { form: { name: "mary", password } });
  const form = { url: "https://example.org/", title: "An example" };
  assert.match((await visitor.post("/links", { form })).text, /Your link is on the board\./);
  assert.match((await createClient(app).get("/")).text, /An example/);
});

test("takes a list as it gives one", async () => {
  const visitor = createClient(app, { follow: true });
  await visitor.post("/signup", { form: { name: "grete", password } });
  const body = new FormData();
  const list = "- [Back\\[slash\\]](<https://example.org/list>)\n- [No](javascript:no)\n";
  body.append("list", new File([list], "links.md", { type: "text/markdown" }));
  assert.match((await visitor.post("/import", { body })).text, /Added to the board: 1\./);
  assert.ok((await visitor.get("/export")).text.includes(list.split("\n")[0] ?? ""));
});

test("forgets who stays away for longer than two weeks", async () => {
  const visitor = createClient(app);
  await visitor.post("/signup", { form: { name: "rip", password } });
  visitor.clock.advance("13 days");
  assert.equal((await visitor.get("/post")).status, 200);
  visitor.clock.advance("15 days");
  assert.equal((await visitor.get("/post")).status, 303);
});
