import type { Deviations } from "../deviations.ts";

export const deviations: Deviations = {
  "a strange host goes into base": { answer: { status: 400, probes: { "Error 400": true } } },
  id: {
    because:
      "An id is text, told apart between processes, so that logs of several can be read together.",
    answer: { status: 200, body: "no number" },
  },
  version: {
    because: "dancer_version tells Dancer's version; ours stands in package.json, as npm has it.",
    answer: { status: 200, probes: { "1.3521": false } },
  },
};
