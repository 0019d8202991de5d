import type { Deviations } from "../deviations.ts";

export const deviations: Deviations = {
  "layout for a page asked by ajax": {
    answer: {
      status: 200,
      headers: { "content-type": "text/html; charset=utf-8" },
      body: "LAYOUT part 2",
    },
  },
  "layout after halt": { answer: { status: 200, body: "LAYOUT part 2" } },
  "plain route asked by ajax": {
    because:
      "The plugin sets the content type of its own routes only; a plain route says itself what it answers.",
    answer: {
      status: 200,
      headers: { "content-type": "text/html; charset=utf-8" },
      body: "plain ajax",
    },
  },
  "further condition": { answer: { status: 200, body: "phone ajax" } },
  "further condition fails": { answer: { status: 404 } },
};
