import type { Deviations } from "../deviations.ts";

export const deviations: Deviations = {
  "GET /s06": {
    answer: {
      status: 200,
      body: "else",
    },
  },
  "GET /s14": {
    answer: {
      status: 200,
      body: "y1",
    },
  },
  "GET /s22": {
    answer: {
      status: 500,
    },
  },
};
