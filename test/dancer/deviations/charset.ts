import type { Deviations } from "../deviations.ts";

export const deviations: Deviations = {
  "route with a non-ascii literal": { answer: { status: 200, body: "route with é" } },
  "another charset in the type": {
    answer: {
      status: 200,
      headers: { "content-type": "text/html; charset=iso-8859-1" },
      bodyBase64: "6Q==",
    },
  },
};
