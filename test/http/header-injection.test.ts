import { describe, expect, it } from "vitest";
import type { Context } from "../../src/context.ts";
import { HTTPError } from "../../src/errors.ts";
import { createApp, logged } from "../support/app.ts";
import { ask, sendRaw, whileServing } from "./support.ts";

const evil = [
  ["CR and LF", "a\r\nX-Evil: 1\r\n\r\n<script>"],
  ["LF", "a\nX-Evil: 1"],
  ["CR", "a\rX-Evil: 1"],
  ["NUL", "a\0X-Evil: 1"],
] as const;

/** Each way to put a visitor's text into the head of an answer. */
const ways: Record<string, (ctx: Context, text: string) => unknown> = {
  "header's value": ({ header }, text) => header("X-A", text),
  "header's name": ({ header }, text) => header(text, "a"),
  "header's list": ({ header }, text) => header("X-A", ["fine", text]),
  "headers' value": ({ headers }, text) => headers({ "X-A": text }),
  "headers' name": ({ headers }, text) => headers({ [text]: "a" }),
  "pushHeader's value": ({ pushHeader }, text) => pushHeader("X-A", "fine", text),
  "pushHeader's name": ({ pushHeader }, text) => pushHeader(text, "a"),
  "redirect's target": ({ redirect }, text) => redirect(`/${text}`),
  "redirect's absolute target": ({ redirect }, text) => redirect(`http://a.test/${text}`),
  contentType: ({ contentType }, text) => contentType(`text/${text}`),
  "cookie's value, raw": ({ cookie }, text) => cookie("a", "b", { path: text }),
  "cookie's name": ({ cookie }, text) => cookie(text, "b"),
  "cookie's domain": ({ cookie }, text) => cookie("a", "b", { domain: text }),
  "response.setHeader": ({ response }, text) => response.setHeader("X-A", text),
  "response.appendHeader": ({ response }, text) => response.appendHeader("X-A", text),
  "response.vary": ({ response }, text) => response.vary(text),
  "an HTTPError's header": (_, text) => {
    throw new HTTPError(500, "x", { headers: { "X-A": text } });
  },
};

describe("SEC-807 a line break or NUL is an error before anything is sent", () => {
  const app = createApp({ session: null }, (it) => {
    for (const [name, way] of Object.entries(ways)) {
      it.get(`/${encodeURIComponent(name)}`, (ctx) => {
        way(ctx, ctx.param("v") ?? "");
        return "sent";
      });
    }
    it.get("/fine", () => "fine");
  });

  it.each(Object.keys(ways))("in %s", async (name) => {
    await whileServing(app, async (port) => {
      for (const [, text] of evil) {
        const path = `/${encodeURIComponent(encodeURIComponent(name))}?v=${encodeURIComponent(text)}`;
        const answer = await sendRaw(
          port,
          `GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`,
        );
        expect(answer.slice(0, 12)).toBe("HTTP/1.1 500");
        expect(answer).not.toMatch(/^x-evil/im);
        expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1);
        expect(answer).not.toContain("<script>");
      }
      // Refused by us when it was set, not by node when it was written.
      expect(logged(app, "error").filter((line) => line.includes("broke off"))).toEqual([]);
      expect((await ask(port, "/fine")).body).toBe("fine");
    });
  });

  it.each(evil)("in a download's file name it is encoded: %s", async (_, text) => {
    const named = createApp({ session: null }, (it) => {
      it.get("/", ({ sendFile, param }) =>
        sendFile("x", { data: true, filename: param("v") ?? "" }),
      );
      it.get("/type", ({ sendFile, param }) =>
        sendFile("x", { data: true, contentType: `text/${param("v") ?? ""}` }),
      );
    });
    await whileServing(named, async (port) => {
      for (const path of ["/", "/type"]) {
        const answer = await sendRaw(
          port,
          `GET ${path}?v=${encodeURIComponent(text)} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`,
        );
        expect(answer).not.toMatch(/^x-evil/im);
        expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1);
      }
    });
  });

  it("a cookie's value carries it encoded", async () => {
    const baking = createApp({ session: null }, (it) =>
      it.get("/", ({ cookie, param }) => cookie("a", param("v") ?? "")),
    );
    for (const [, text] of evil) {
      const reply = await whileServing(baking, (port) =>
        ask(port, `/?v=${encodeURIComponent(text)}`),
      );
      expect(reply.headers["set-cookie"]).toBe(`a=${encodeURIComponent(text)}; Path=/; HttpOnly`);
    }
  });

  it("a Web Response cannot hold one, and a status has no text of its own", async () => {
    const web = createApp({ session: null }, (it) => {
      it.get("/header", ({ param }) => new Response("x", { headers: { "X-A": param("v") ?? "" } }));
      it.get("/status", ({ param }) => new Response("x", { statusText: param("v") ?? "" }));
      it.get("/own", () => new Response("x", { statusText: "My Own" }));
    });
    await whileServing(web, async (port) => {
      for (const [, text] of evil) {
        for (const path of ["/header", "/status"]) {
          const reply = await ask(port, `${path}?v=${encodeURIComponent(text)}`);
          expect([reply.status, reply.headers["x-evil"]]).toEqual([500, undefined]);
        }
      }
      expect(
        await sendRaw(port, "GET /own HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"),
      ).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    });
  });
});

it("a header's value beyond ASCII is sent as UTF-8, whatever the characters", async () => {
  const app = createApp({ session: null }, (it) => {
    it.get("/", ({ header, pushHeader }) => {
      header("X-A", "é 日 🐪");
      pushHeader("X-B", "€", "\uD800");
      return "x";
    });
  });
  await whileServing(app, async (port) => {
    const { headers } = await ask(port, "/");
    const utf8 = (text = ""): string => Buffer.from(text, "latin1").toString();
    expect([utf8(headers["x-a"]), utf8(headers["x-b"])]).toEqual(["é 日 🐪", "€, \uFFFD"]);
  });
});
