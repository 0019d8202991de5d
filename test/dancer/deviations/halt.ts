import type { Deviations } from "../deviations.ts";

export const deviations: Deviations = {
  content: {
    answer: {
      status: 200,
      headers: { "content-type": "text/html; charset=utf-8", "x-after": null },
      body: "stopped",
    },
  },
};
