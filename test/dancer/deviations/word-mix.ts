import type { Deviations } from "../deviations.ts";

export const deviations: Deviations = {
  "GET /st11": {
    answer: {
      status: 303,
    },
  },
  "GET /ct2": {
    answer: {
      headers: {
        "content-type": "text/html; charset=utf-16",
      },
      status: 200,
    },
  },
  "GET /ct12": {
    answer: {
      headers: {
        "content-type": "text/plain;charset=UTF-8",
      },
      status: 200,
    },
  },
  "GET /p/x | X-Before: path": {
    answer: {
      body: "GET|/p/x||-|-",
      status: 200,
    },
  },
  "GET /p/x | X-Before: path-var": {
    answer: {
      body: "GET|/p/x||before|-",
      status: 200,
    },
  },
};
