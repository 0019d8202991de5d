/** Redirects to targets that came from the client. */
import { describe, expect, it } from "vitest";
import { createApp, visit } from "../support/app.ts";

describe("SEC-808 redirectLocal", () => {
  const app = createApp({ session: null }, (it) => {
    it.get("/go", ({ param, redirectLocal }) => redirectLocal(param("to") ?? ""));
    it.get("/see-other", ({ redirectLocal }) => redirectLocal("/x", 303));
    it.get("/elsewhere", ({ redirect }) => redirect("https://other.test/"));
  });
  const go = (to: string) => visit(app).get(`/go?to=${encodeURIComponent(to)}`);

  it.each([
    ["/", "https://app.test/"],
    ["/cart?page=2#top", "https://app.test/cart?page=2#top"],
    ["/a//b", "https://app.test/a//b"],
    ["/€", "https://app.test/%E2%82%AC"],
    ["/x?next=https://other.test/", "https://app.test/x?next=https://other.test/"],
    ["/a\\b", "https://app.test/a%5Cb"],
  ])("goes to the path %j", async (target, location) => {
    const reply = await go(target);
    expect([reply.status, reply.header("location")]).toEqual([302, location]);
  });

  it.each([
    "//evil.test",
    "///evil.test",
    "/\\evil.test",
    "\\\\evil.test",
    "https://evil.test",
    "HTTPS:evil.test",
    "javascript:alert(1)",
    "evil.test",
    "@evil.test",
    "",
    " /x",
    "/\t/evil.test",
    "/\n/evil.test",
    "/x\r\nSet-Cookie: a=1",
    "/\0",
    "/\u0085x",
  ])("refuses %j with 400", async (target) => {
    const reply = await go(target);
    expect([reply.status, reply.header("location"), reply.setCookies]).toEqual([
      400,
      undefined,
      [],
    ]);
  });

  it("takes a status, and leaves going elsewhere to redirect", async () => {
    expect((await visit(app).get("/see-other")).status).toBe(303);
    expect((await visit(app).get("/elsewhere")).header("location")).toBe("https://other.test/");
  });
});
