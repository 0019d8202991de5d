import type { Deviations } from "../deviations.ts";

export const deviations: Deviations = {
  "layout for a page asked by ajax": {
    answer: {
      status: 200,
      headers: { "content-type": "text/xml; charset=utf-8" },
      body: "LAYOUT part 2",
    },
  },
  "layout after halt": { answer: { status: 200, body: "LAYOUT part 2" } },
  "further condition": { answer: { status: 200, body: "phone ajax" } },
  "further condition fails": { answer: { status: 404 } },
};
