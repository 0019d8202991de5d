import type { Deviations } from "../deviations.ts";

export const deviations: Deviations = {
  head: {
    answer: { status: 200, headers: { "content-type": "text/plain; charset=utf-8" }, body: "" },
  },
  "head of a stream": {
    answer: { status: 200, headers: { "content-type": "text/plain; charset=utf-8" }, body: "" },
  },
  "If-Modified-Since is not honoured": {
    answer: { status: 304, headers: { "content-type": "text/html; charset=utf-8" }, body: "" },
  },
};
