import type { Deviations } from "../deviations.ts";

export const deviations: Deviations = {
  query: {
    answer: {
      status: 302,
      headers: { location: "http://app.test/place?a=1&b=two%20words", "x-after": "ran" },
    },
  },
  "escapes are undone": {
    answer: { status: 302, headers: { location: "http://app.test/a%20b", "x-after": "ran" } },
  },
  "last one wins": {
    answer: { status: 302, headers: { location: "http://app.test/second" }, body: "" },
  },
};
