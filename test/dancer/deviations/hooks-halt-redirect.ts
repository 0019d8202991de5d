import type { Deviations } from "../deviations.ts";

export const deviations: Deviations = {
  "halt without content": { answer: { status: 200, body: "" } },
  "redirect 303 does not skip the route": {
    answer: {
      status: 303,
      headers: { location: "http://app.test/other", "x-after": "ran", "x-second": "ran" },
      body: "",
    },
  },
};
