import type { Deviations } from "../deviations.ts";

export const deviations: Deviations = {
  "no route for the method is 404, never 405": {
    answer: { status: 405, headers: { allow: "POST" }, probes: { "Error 405": true } },
  },
};
