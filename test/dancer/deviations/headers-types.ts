import type { Deviations } from "../deviations.ts";

export const deviations: Deviations = {
  "own Content-Length is kept": {
    answer: {
      status: 200,
      headers: { "content-length": "6", "content-type": "text/html; charset=utf-8" },
      body: "abcdef",
    },
  },
  "one line break in a value is folded": {
    answer: {
      status: 500,
      headers: { "content-type": "text/html; charset=utf-8", "x-echo": null, "x-evil": null },
      probes: { "<title>Error 500</title>": true },
    },
  },
  "two line breaks inject a header": {
    answer: {
      status: 500,
      headers: {
        "content-type": "text/html; charset=utf-8",
        "x-echo": null,
        "x-evil": null,
        "x-more": null,
      },
      probes: { "<title>Error 500</title>": true },
    },
  },
  "server tokens are sent": {
    answer: {
      status: 200,
      headers: { server: null, "content-type": "text/html; charset=utf-8", "x-powered-by": null },
      body: "x",
    },
  },
};
