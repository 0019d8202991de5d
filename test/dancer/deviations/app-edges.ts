import type { Deviations } from "../deviations.ts";

export const deviations: Deviations = {
  "GET /pass/1": {
    answer: {
      status: 200,
      body: "sub passed",
    },
  },
  "GET /deep/f": {
    answer: {
      status: 200,
      body: "main x",
    },
  },
  "GET /view | X-Requested-With: XMLHttpRequest": {
    answer: {
      status: 200,
      body: "MAIN[view 1]",
    },
  },
  "GET /view (2)": {
    answer: {
      status: 200,
      body: "MAIN[view 1]",
    },
  },
};
