import type { Deviations } from "../deviations.ts";

export const deviations: Deviations = {
  "GET /pass | User-Agent: p": {
    answer: {
      status: 200,
      body: "last",
    },
  },
  "GET /pass | User-Agent: pq": {
    answer: {
      status: 200,
      body: "q",
    },
  },
};
