import type { Deviations } from "../deviations.ts";

export const deviations: Deviations = {
  "@proxy GET /base | X-Forwarded-Host: a.test, b.test": {
    answer: {
      status: 200,
      body: "http://b.test/ http://b.test b.test http 0 http://b.test/x",
    },
  },
  "@proxy GET /addr | X-Forwarded-For: 1.2.3.4, 5.6.7.8": {
    answer: {
      status: 200,
      body: "[5.6.7.8]",
    },
  },
  "@proxy GET /addr": {
    answer: {
      status: 200,
      body: "[127.0.0.1]",
    },
  },
  "POST /body | Content-Type: application/x-www-form-urlencoded || a=1&b=ü": {
    answer: {
      status: 200,
      body: "[a=1&b=ü] [application/x-www-form-urlencoded] [8]",
    },
  },
  "GET /path/%C3%BC/x?q=1": {
    answer: {
      status: 200,
      body: "/path/ü/x /path/ü/x",
    },
  },
};
