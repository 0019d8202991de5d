import { describe, expect, it } from "vitest";
import { createApp, visit } from "../../support/app.ts";

describe("the serializer mutable answers", () => {
  const app = createApp({ session: null, serializer: "mutable" }, (it) => {
    it.get("/", () => ({ a: 1 }));
  });

  it.each([
    ["text/xml;q=0.1,application/json;q=0.9", "application/json"],
    ["text/xml; q=0.1, application/json; q=0.9", "application/json"],
    ["text/xml ; Q=0, application/json", "application/json"],
    ["text/xml; charset=utf-8; q=0.9, application/json; q=0.1", "text/xml"],
  ])("%s with %s", async (accept, type) => {
    const reply = await visit(app).get("/", { headers: { accept } });
    expect(reply.header("content-type")).toContain(type);
  });
});
