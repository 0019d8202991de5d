import type { Deviations } from "../deviations.ts";

export const deviations: Deviations = {
  "GET /t/mjs": {
    answer: {
      status: 200,
      headers: {
        "content-type": "application/javascript; charset=utf-8",
      },
    },
  },
  "GET /t/text": {
    answer: {
      status: 200,
      headers: {
        "content-type": "text/plain; charset=utf-8",
      },
    },
  },
  "GET /t/webp": {
    answer: {
      status: 200,
      headers: {
        "content-type": "image/webp",
      },
    },
  },
  "GET /t/wav": {
    answer: {
      status: 200,
      headers: {
        "content-type": "audio/wav",
      },
    },
  },
  "GET /t/webm": {
    answer: {
      status: 200,
      headers: {
        "content-type": "video/webm",
      },
    },
  },
  "GET /t/yml": {
    answer: {
      status: 200,
      headers: {
        "content-type": "text/yaml; charset=utf-8",
      },
    },
  },
  "GET /t/yaml": {
    answer: {
      status: 200,
      headers: {
        "content-type": "text/yaml; charset=utf-8",
      },
    },
  },
  "GET /t/rss": {
    answer: {
      status: 200,
      headers: {
        "content-type": "application/rss+xml; charset=utf-8",
      },
    },
  },
};
