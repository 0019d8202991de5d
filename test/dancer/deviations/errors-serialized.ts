import type { Deviations } from "../deviations.ts";

export const deviations: Deviations = {
  "hidden: die": {
    because: "Text goes out with its type, or browsers guess.",
    answer: {
      status: 500,
      headers: { "content-type": "text/plain; charset=utf-8" },
      body: "An internal error occured",
    },
  },
  "hidden: send_error": {
    because: "Text goes out with its type, or browsers guess.",
    answer: {
      status: 403,
      headers: { "content-type": "text/plain; charset=utf-8" },
      body: "An internal error occured",
    },
  },
  "hidden: data": {
    answer: {
      status: 422,
      headers: { "content-type": "application/json; charset=utf-8" },
      body: '{"field":"name","why":"too short"}',
    },
  },
};
