import { describe, expect, it } from "vitest";
import { createApp, tempFolder, visit } from "../support/app.ts";

const folder = tempFolder({
  "views/page.eta": "<%= it.params.q %> <%= it.session.user %> <%~ include('part') %>",
  "views/part.eta": "<%= it.params.q %> <%= it.session.user %>",
});

describe("the tokens of every page", () => {
  const app = createApp(
    { template: "eta", session: "simple", layout: null },
    (it) => {
      it.get("/own", ({ session, template }) => {
        session("user", "ann");
        return template("page");
      });
      it.get("/given", ({ template }) =>
        template("page", { params: { q: "mine" }, session: { user: "bob" } }),
      );
    },
    { appdir: folder },
  );

  it("are the request's, in what the page includes too", async () => {
    expect((await visit(app).get("/own?q=1")).text).toBe("1 ann 1 ann");
  });

  it("give way to the handler's", async () => {
    expect((await visit(app).get("/given?q=1")).text).toBe("mine bob mine bob");
  });
});
