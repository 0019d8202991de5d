import type { Deviations } from "../deviations.ts";

export const deviations: Deviations = {
  "space and umlaut in the file name": {
    answer: {
      status: 200,
      headers: { "content-type": "text/html; charset=utf-8" },
      body: "my résumé.txt | my résumé.txt | 1 | text/plain | x",
    },
  },
};
