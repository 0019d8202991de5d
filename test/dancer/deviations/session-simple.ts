import type { Deviations } from "../deviations.ts";

export const deviations: Deviations = {
  "reading starts a session": {
    answer: { status: 200, headers: { "content-type": "text/html; charset=utf-8" }, body: "undef" },
  },
  "false keys are ignored": {
    because: "Every text is a key.",
    answer: {
      status: 200,
      headers: { "content-type": "text/html; charset=utf-8" },
      body: "set,set",
    },
  },
  "the id is readable": {
    answer: {
      status: 200,
      headers: { "content-type": "text/html; charset=utf-8" },
      body: "<session-id>",
    },
  },
  destroy: {
    answer: {
      status: 200,
      headers: { "content-type": "text/html; charset=utf-8" },
      body: "destroyed",
    },
  },
  "read in the same request": {
    answer: {
      status: 200,
      headers: { "content-type": "text/html; charset=utf-8" },
      body: "gone at once",
    },
  },
  "forward, new session": {
    answer: {
      status: 200,
      headers: { "content-type": "text/html; charset=utf-8" },
      body: "[forwarded]",
    },
  },
  "so it is gone": {
    answer: {
      status: 200,
      headers: { "content-type": "text/html; charset=utf-8" },
      body: "[forwarded]",
    },
  },
  "the destroyed session is back": {
    answer: { status: 200, headers: { "content-type": "text/html; charset=utf-8" }, body: "undef" },
  },
};
