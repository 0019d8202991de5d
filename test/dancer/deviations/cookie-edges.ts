import type { Deviations } from "../deviations.ts";

export const deviations: Deviations = {
  "GET /set?n=a&v=1&expires=now": {
    answer: {
      status: 500,
      headers: {
        "set-cookie": null,
      },
    },
  },
  "GET /set?n=a&v=1&expires=0": {
    answer: {
      status: 200,
      headers: {
        "set-cookie": ["a=1; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly"],
      },
    },
  },
  "GET /set?n=a&v=1&expires=tomorrow": {
    answer: {
      status: 500,
      headers: {
        "set-cookie": null,
      },
    },
  },
  "GET /list?v=a%20b,c%26d,%C3%BC": {
    answer: {
      status: 200,
      headers: {
        "set-cookie": ["l=a%20b&c%26d&%C3%BC; Path=/; HttpOnly"],
      },
    },
  },
  "GET /read/a | Cookie: a=1, b=2": {
    answer: {
      status: 200,
      body: "[1, b=2]",
    },
  },
  "GET /read/a | Cookie: a=": {
    answer: {
      status: 200,
      body: "[]",
    },
  },
  "GET /readl/a | Cookie: a=": {
    answer: {
      status: 200,
      body: "1:",
    },
  },
  "GET /all | Cookie: a=1; b=2; c=": {
    answer: {
      status: 200,
      body: "a=1,b=2,c=",
    },
  },
};
