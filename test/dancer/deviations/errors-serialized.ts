import type { Deviations } from "../deviations.ts";

export const deviations: Deviations = {
  "hidden: data": {
    answer: {
      status: 422,
      headers: { "content-type": "application/json; charset=utf-8" },
      body: '{"field":"name","why":"too short"}',
    },
  },
};
