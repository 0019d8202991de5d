import type { Deviations } from "../deviations.ts";

export const deviations: Deviations = {
  "404 for a post": {
    answer: {
      status: 404,
      headers: { "content-type": "text/html; charset=utf-8" },
      body: "<h1>nothing here</h1>\n",
    },
  },
  "the built-in page": {
    answer: {
      status: 403,
      headers: { "content-type": "text/html; charset=utf-8" },
      probes: {
        "<!DOCTYPE html PUBLIC": false,
        "<title>Error 403</title>": true,
        "<h1>Error 403</h1>": true,
        '<link rel="stylesheet" href="/css/style.css" />': false,
        "charset=UTF-8": false,
        "<h2>Unable to process your query</h2>": false,
        "The page you requested is not available": false,
        "Powered by": false,
        "1.3521": false,
        "not shown": false,
      },
    },
  },
  "send_error by name": {
    answer: {
      status: 404,
      headers: { "content-type": "text/html; charset=utf-8" },
      body: "<h1>nothing here</h1>\n",
    },
  },
  "die in a post": {
    because: "The type of an error page must not come from the request.",
    answer: {
      status: 500,
      headers: { "content-type": "text/html; charset=utf-8" },
      body: "<h1>our fault</h1>\n",
    },
  },
};
