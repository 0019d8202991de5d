import type { Deviations } from "../deviations.ts";

export const deviations: Deviations = {
  "unicode without a charset": {
    answer: {
      status: 200,
      headers: { "content-type": "application/json; charset=utf-8" },
      body: '{"w":"é€"}',
    },
  },
  "bad body": {
    answer: {
      status: 400,
      headers: { "content-type": "application/json; charset=utf-8" },
      probes: { '"error": "Bad Request"': true },
    },
  },
  "empty body": {
    answer: { status: 200, headers: { "content-type": "text/html; charset=utf-8" }, body: "in " },
  },
  "body beats route": {
    answer: {
      status: 200,
      headers: { "content-type": "text/html; charset=utf-8" },
      body: "id route",
    },
  },
  "jsonp without a callback": {
    answer: {
      status: 200,
      headers: { "content-type": "application/json; charset=utf-8" },
      body: '[1,"two",{"three":3}]',
    },
  },
  "jsonp with anything as callback": {
    answer: {
      status: 400,
      headers: { "content-type": "text/html; charset=utf-8" },
      probes: { "<title>Error 400</title>": true },
    },
  },
};
