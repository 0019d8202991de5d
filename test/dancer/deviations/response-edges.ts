import type { Deviations } from "../deviations.ts";

export const deviations: Deviations = {
  "GET /type?t=text": {
    answer: {
      status: 200,
      headers: {
        "content-type": "text/plain; charset=utf-8",
      },
    },
  },
  "GET /type?t=rss": {
    answer: {
      status: 200,
      headers: {
        "content-type": "application/rss+xml; charset=utf-8",
      },
    },
  },
  "GET /type?t=yaml": {
    answer: {
      status: 200,
      headers: {
        "content-type": "text/yaml; charset=utf-8",
      },
    },
  },
  "GET /status/payload_too_large": {
    answer: {
      status: 413,
    },
  },
  "GET /status/99": {
    answer: {
      status: 200,
    },
  },
  "GET /status/04": {
    answer: {
      status: 200,
    },
  },
  "GET /redirect1?to=%2Fx%20y": {
    answer: {
      status: 302,
      headers: {
        location: "http://app.test/x%20y",
      },
    },
  },
  "GET /redirect1?to=%2F%25C3%25BC": {
    answer: {
      status: 302,
      headers: {
        location: "http://app.test/%C3%BC",
      },
    },
  },
  "GET /redirect1?to=%2F%C3%BC": {
    answer: {
      status: 302,
      headers: {
        location: "http://app.test/%C3%BC",
      },
    },
  },
  "GET /redirect1?to=%2Fa%252Fb": {
    answer: {
      status: 302,
      headers: {
        location: "http://app.test/a%2Fb",
      },
    },
  },
  "GET /redirect?to=/x&code=see_other": {
    answer: {
      status: 303,
    },
  },
  "GET /uri?p=/%C3%BC&%C3%BC=%E2%82%AC": {
    answer: {
      status: 200,
      body: "http://app.test/%C3%BC?%C3%BC=%E2%82%AC",
    },
  },
  "GET /body205": {
    answer: {
      status: 205,
      body: "",
    },
  },
  "GET /charset-t": {
    answer: {
      status: 200,
      headers: {
        "content-type": "text/plain; charset=iso-8859-1",
      },
    },
  },
};
