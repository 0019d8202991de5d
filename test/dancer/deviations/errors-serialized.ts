import type { Deviations } from "../deviations.ts";

export const deviations: Deviations = {
  "hidden: die": {
    because: "A client that speaks JSON gets JSON, with the request's id and nothing of the error.",
    answer: {
      status: 500,
      headers: { "content-type": "application/json; charset=utf-8" },
      probes: { '"error":"Internal Server Error"': true },
    },
  },
  "hidden: send_error": {
    because: "A client that speaks JSON gets JSON, with the request's id and nothing of the error.",
    answer: {
      status: 403,
      headers: { "content-type": "application/json; charset=utf-8" },
      probes: { '"error":"Forbidden"': true },
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
