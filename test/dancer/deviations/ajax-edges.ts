import type { Deviations } from "../deviations.ts";

export const deviations: Deviations = {
  "GET /pass/on | X-Requested-With: XMLHttpRequest": {
    answer: {
      status: 200,
      headers: {
        "content-type": "text/xml; charset=utf-8",
        "x-after": "text/xml",
      },
      body: "passed on",
    },
  },
  "GET /view": {
    answer: {
      body: "L[v p\n]\n",
      status: 200,
    },
  },
  "GET /view (2)": {
    answer: {
      body: "L[v p\n]\n",
      status: 200,
    },
  },
  "@json GET /error | X-Requested-With: XMLHttpRequest": {
    answer: {
      headers: {
        "x-after": "text/plain",
      },
      status: 422,
    },
  },
  "@json GET /gerror | X-Requested-With: XMLHttpRequest": {
    answer: {
      headers: {
        "x-after": "text/plain",
      },
      status: 400,
    },
  },
};
