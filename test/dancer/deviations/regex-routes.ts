import type { Deviations } from "../deviations.ts";

export const deviations: Deviations = {
  "no capture at all": { answer: { status: 200, body: "plain " } },
  "two groups, the first unmatched shifts the second": {
    answer: { status: 200, body: "range undef|9" },
  },
};
