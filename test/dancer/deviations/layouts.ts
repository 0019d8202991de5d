import type { Deviations } from "../deviations.ts";

export const deviations: Deviations = {
  "for other requests too": {
    answer: {
      status: 200,
      headers: { "content-type": "text/html; charset=utf-8" },
      body: '<main title="t">page n</main>',
    },
  },
};
