import type { Deviations } from "../deviations.ts";

export const deviations: Deviations = {
  "@cookie cookie>GET /get/late": {
    answer: {
      status: 200,
      body: "[yes]",
    },
  },
};
