import type { Deviations } from "../deviations.ts";

export const deviations: Deviations = {
  "GET /text": {
    answer: {
      status: 200,
      body: "ä",
    },
  },
  "GET /q?a=%C3%A4": {
    answer: {
      status: 200,
      body: "1:ä",
    },
  },
  "GET /q?a=%E2%82%AC": {
    answer: {
      status: 200,
      body: "1:€",
    },
  },
  "POST /b | Content-Type: application/x-www-form-urlencoded || a=%C3%A4": {
    answer: {
      status: 200,
      body: "1:ä",
    },
  },
  "POST /b | Content-Type: application/x-www-form-urlencoded; charset=UTF-8 || a=%C3%A4": {
    answer: {
      status: 200,
      body: "1:ä",
    },
  },
  "GET /p/%C3%A4": {
    answer: {
      status: 200,
      body: "1:ä",
    },
  },
  "GET /p/%E2%82%AC": {
    answer: {
      status: 200,
      body: "1:€",
    },
  },
  "GET /s/%C3%A4": {
    answer: {
      status: 200,
      body: "1:ä",
    },
  },
  "GET /view": {
    answer: {
      status: 200,
      body: "ä ä",
    },
  },
  "GET /viewq?a=%C3%A4": {
    answer: {
      status: 200,
      body: "ä ä",
    },
  },
  "GET /xml": {
    answer: {
      status: 200,
      body: "<ä/>",
    },
  },
  "GET /css": {
    answer: {
      status: 200,
      body: "ä",
    },
  },
  "GET /halt": {
    answer: {
      status: 200,
      body: "ä",
    },
  },
  "GET /status": {
    answer: {
      status: 404,
      body: "ä",
    },
  },
  "GET /fwd": {
    answer: {
      status: 200,
      body: "ä",
    },
  },
  "GET /var?a=%C3%A4": {
    answer: {
      status: 200,
      body: "1:ä",
    },
  },
  "@utf8 GET /upper": {
    answer: {
      status: 200,
      headers: {
        "content-type": "text/plain; charset=UTF-8",
      },
    },
  },
  "@utf8 GET /halt": {
    answer: {
      status: 200,
      body: "ä",
    },
  },
  "@latin GET /view": {
    answer: {
      status: 200,
    },
  },
  "@latin GET /viewq?a=%C3%A4": {
    answer: {
      status: 200,
    },
  },
  "@latin GET /upper": {
    answer: {
      status: 200,
      headers: {
        "content-type": "text/plain; charset=UTF-8",
      },
    },
  },
  "@latin GET /error": {
    answer: {
      status: 400,
    },
  },
  "@latin GET /die": {
    answer: {
      status: 500,
    },
  },
  "@latin GET /nowhere": {
    answer: {
      status: 404,
    },
  },
};
