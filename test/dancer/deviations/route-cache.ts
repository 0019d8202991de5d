import type { Deviations } from "../deviations.ts";

export const deviations: Deviations = {
  "a cached conditional route answers anybody": {
    answer: { status: 200, body: "for everybody" },
  },
};
