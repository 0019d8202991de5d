import type { Deviations } from "../deviations.ts";

export const deviations: Deviations = {
  "same route in both, after a request to the app": {
    answer: { status: 200, body: "same in main" },
  },
  "pass does not go on to another app": { answer: { status: 200, body: "blog 5" } },
  "data without serializer": {
    because: "Objects and lists become JSON when no serializer is set; HASH(0x…) helps nobody.",
    answer: {
      status: 200,
      headers: { "content-type": "application/json; charset=utf-8" },
      probes: { '"shop": 1': true },
    },
  },
};
