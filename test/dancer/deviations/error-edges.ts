import type { Deviations } from "../deviations.ts";

export const deviations: Deviations = {
  "GET /send/not_found": {
    answer: {
      status: 404,
      body: "<h1>own 404</h1>\n",
    },
  },
  "GET /events (13)": {
    answer: {
      status: 200,
      body: "after init render rendered 404 after",
    },
  },
  "GET /events (25)": {
    answer: {
      status: 200,
      body: "after route handler init render rendered 500",
    },
  },
  "GET /nested": {
    answer: {
      status: 200,
      headers: {
        "x-err": null,
      },
    },
  },
  "GET /events (30)": {
    answer: {
      status: 200,
      body: "after after",
    },
  },
  "@shown GET /die": {
    answer: {
      status: 500,
      probes: {
        "Error 500": true,
      },
    },
  },
  "@tpl GET /die": {
    answer: {
      status: 500,
      body: "T:Runtime Error|500|Internal Server Error",
    },
  },
  "@tpl GET /send/400": {
    answer: {
      status: 400,
      body: "T:Error 400|400|Bad Request",
    },
  },
  "@tpl GET /send/404": {
    answer: {
      status: 404,
      body: "T:Error 404|404|Not Found",
    },
  },
  "@tpl GET /send/403": {
    answer: {
      status: 403,
      body: "T:Error 403|403|Forbidden",
    },
  },
  "@tpl GET /send-b": {
    answer: {
      status: 400,
      body: "T:Error 400|400|Bad Request",
    },
  },
  "@tpl GET /b-send": {
    answer: {
      status: 403,
      body: "T:Error 403|403|Forbidden",
    },
  },
  "@tpl GET /send-o": {
    answer: {
      status: 400,
      body: "T:Error 400|400|Bad Request",
    },
  },
  "@tpl GET /raise": {
    answer: {
      status: 500,
      body: "T:Runtime Error|500|Internal Server Error",
    },
  },
};
