import type { Deviations } from "../deviations.ts";

export const deviations: Deviations = {
  "GET /app/layouts/main": {
    answer: {
      status: 404,
    },
  },
};
