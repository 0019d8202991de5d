import type { Deviations } from "../deviations.ts";

export const deviations: Deviations = {
  "token: raw UTF-8": { answer: { status: 400 } },
  "megasplat: euro signs": { answer: { status: 400 } },
  "literal beyond ASCII: raw": { answer: { status: 400 } },
  "prefix beyond ASCII: token too": { answer: { status: 400 } },
  "query: raw UTF-8": { answer: { status: 400 } },
  "literal beyond ASCII: encoded": { answer: { status: 200, body: "literal" } },
  "prefix beyond ASCII": { answer: { status: 200, body: "é [x]" } },
  "query: a euro sign as name": { answer: { status: 200, body: "€=1" } },
  "cookies: empty value": { answer: { status: 200, body: "a=" } },
  "cookies: a euro sign": { answer: { status: 200, body: "a=€" } },
  "set a cookie: a euro sign": {
    answer: {
      status: 200,
      headers: { "set-cookie": "a=%E2%82%AC; Path=/; HttpOnly" },
      body: "set",
    },
  },
  "redirect: a euro sign": {
    answer: { status: 302, headers: { location: "http://app.test/%E2%82%AC" } },
  },
  "redirect: a euro sign encoded twice": {
    answer: { status: 302, headers: { location: "http://app.test/%E2%82%AC" } },
  },
  "redirect: spaces": { answer: { status: 302, headers: { location: "http://app.test/a%20b" } } },
  "redirect: a line break": {
    answer: { status: 500, headers: { location: null, "x-evil": null } },
  },
  "uri_for: a percent in the path": { answer: { status: 200, body: "http://app.test/100%25" } },
  "halt: a euro sign": { answer: { status: 200, body: "€" } },
};
