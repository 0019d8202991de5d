import type { Deviations } from "../deviations.ts";

export const deviations: Deviations = {
  "core exception": {
    because: "The framework's own errors have names and texts of their own.",
    answer: {
      status: 200,
      headers: { "content-type": "text/html; charset=utf-8" },
      body: 'ResponseError "nonsense" is no source of parameters; it is route, query or body',
    },
  },
};
