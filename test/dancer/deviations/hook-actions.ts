import type { Deviations } from "../deviations.ts";

export const deviations: Deviations = {
  "GET /plain | X-Do: before:forward": {
    answer: {
      status: 200,
      headers: {
        "x-after": "2",
      },
      body: "target",
    },
  },
  "GET /plain | X-Do: before:pass": {
    answer: {
      status: 500,
    },
  },
  "GET /plain | X-Do: before:file": {
    answer: {
      status: 200,
      headers: {
        "x-after": "1",
      },
    },
  },
  "GET /error | X-Do: before_error_init:halt": {
    answer: {
      status: 400,
    },
  },
  "GET /error | X-Do: before_error_init:redirect": {
    answer: {
      status: 302,
      headers: {
        location: "http://app.test/else",
      },
    },
  },
  "GET /error | X-Do: before_error_init:die": {
    answer: {
      status: 400,
      headers: {
        "x-after": "1",
      },
    },
  },
  "GET /error | X-Do: before_error_init:error": {
    answer: {
      status: 409,
      headers: {
        "x-after": null,
      },
    },
  },
  "GET /error | X-Do: before_error_init:file": {
    answer: {
      status: 400,
    },
  },
  "GET /error | X-Do: before_error_init:header": {
    answer: {
      status: 400,
      headers: {
        "x-hook": "set",
      },
    },
  },
  "GET /error | X-Do: before_error_init:status": {
    answer: {
      status: 202,
    },
  },
  "GET /error | X-Do: before_error_init:cookie": {
    answer: {
      status: 400,
      headers: {
        "set-cookie": ["hooked=yes; Path=/; HttpOnly"],
      },
    },
  },
  "GET /error | X-Do: before_error_render:halt": {
    answer: {
      status: 400,
    },
  },
  "GET /error | X-Do: before_error_render:redirect": {
    answer: {
      status: 302,
      headers: {
        location: "http://app.test/else",
      },
    },
  },
  "GET /error | X-Do: before_error_render:die": {
    answer: {
      status: 400,
      headers: {
        "x-after": "1",
      },
    },
  },
  "GET /error | X-Do: before_error_render:error": {
    answer: {
      status: 409,
      headers: {
        "x-after": null,
      },
    },
  },
  "GET /error | X-Do: before_error_render:file": {
    answer: {
      status: 400,
    },
  },
  "GET /error | X-Do: before_error_render:header": {
    answer: {
      status: 400,
      headers: {
        "x-hook": "set",
      },
    },
  },
  "GET /error | X-Do: before_error_render:status": {
    answer: {
      status: 202,
    },
  },
  "GET /error | X-Do: before_error_render:cookie": {
    answer: {
      status: 400,
      headers: {
        "set-cookie": ["hooked=yes; Path=/; HttpOnly"],
      },
    },
  },
  "GET /error | X-Do: after_error_render:die": {
    answer: {
      status: 400,
      headers: {
        "x-after": "1",
      },
    },
  },
  "GET /error | X-Do: after_error_render:error": {
    answer: {
      status: 409,
      headers: {
        "x-after": null,
      },
    },
  },
  "GET /error | X-Do: after_error_render:cookie": {
    answer: {
      status: 400,
      headers: {
        "set-cookie": ["hooked=yes; Path=/; HttpOnly"],
      },
    },
  },
  "GET /die | X-Do: on_handler_exception:halt": {
    answer: {
      status: 200,
      headers: {
        "content-type": "text/html; charset=utf-8",
      },
      body: "halted",
    },
  },
  "GET /die | X-Do: on_handler_exception:halt-403": {
    answer: {
      status: 403,
      headers: {
        "content-type": "text/html; charset=utf-8",
      },
      body: "halted",
    },
  },
  "GET /die | X-Do: on_handler_exception:die": {
    answer: {
      status: 500,
    },
  },
  "GET /die | X-Do: on_handler_exception:error": {
    answer: {
      status: 409,
    },
  },
  "GET /die | X-Do: on_handler_exception:file": {
    answer: {
      status: 200,
      headers: {
        "x-after": "1",
      },
      body: "static\n",
    },
  },
  "GET /die | X-Do: on_route_exception:error": {
    answer: {
      status: 409,
      headers: {
        "x-after": null,
      },
    },
  },
  "@json GET /data | X-Do: before_serializer:error": {
    answer: {
      status: 409,
      headers: {
        "x-after": null,
      },
    },
  },
  "@json GET /data | X-Do: after_serializer:error": {
    answer: {
      status: 409,
      headers: {
        "x-after": null,
      },
    },
  },
  '@json POST /in | Content-Type: application/json | X-Do: before_deserializer:halt || {"a":1}': {
    answer: {
      status: 200,
      headers: {
        "content-type": "text/html; charset=utf-8",
      },
      body: "halted",
    },
  },
  '@json POST /in | Content-Type: application/json | X-Do: before_deserializer:die || {"a":1}': {
    answer: {
      status: 500,
      body: "An internal error occured",
    },
  },
  '@json POST /in | Content-Type: application/json | X-Do: after_deserializer:halt || {"a":1}': {
    answer: {
      status: 200,
      headers: {
        "content-type": "text/html; charset=utf-8",
      },
      body: "halted",
    },
  },
  '@json POST /in | Content-Type: application/json | X-Do: after_deserializer:die || {"a":1}': {
    answer: {
      status: 500,
      body: "An internal error occured",
    },
  },
  "@json GET /die | X-Do: on_route_exception:error": {
    answer: {
      status: 409,
      headers: {
        "x-after": null,
      },
    },
  },
  "@json GET /die | X-Do: before_error_render:halt": {
    answer: {
      status: 500,
    },
  },
  "@json GET /die | X-Do: before_error_render:redirect": {
    answer: {
      status: 302,
      headers: {
        location: "http://app.test/else",
      },
    },
  },
  "@json GET /die | X-Do: before_error_render:die": {
    answer: {
      status: 500,
    },
  },
  "@json GET /die | X-Do: before_error_render:error": {
    answer: {
      status: 500,
    },
  },
};
