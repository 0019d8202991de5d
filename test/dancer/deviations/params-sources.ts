import type { Deviations } from "../deviations.ts";

export const deviations: Deviations = {
  "bad escape stays": {
    because:
      "A malformed escape is a client's mistake and is told so; guessing hides it (SEC-804).",
    answer: { status: 400, probes: { "Error 400": true } },
  },
  "utf-8": { answer: { status: 200, body: "a=é" } },
  "body over route": {
    answer: { status: 200, body: "merged route route route query query body body" },
  },
};
