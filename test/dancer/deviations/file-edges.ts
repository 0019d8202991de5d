import type { Deviations } from "../deviations.ts";

export const deviations: Deviations = {
  "GET /bin.dat": {
    answer: {
      status: 200,
      headers: {
        "content-type": "application/data",
      },
    },
  },
  "GET /a.txt/": {
    answer: {
      status: 404,
      headers: {
        "x-file": null,
      },
    },
  },
  "GET /a.txt%00": {
    answer: {
      status: 400,
      headers: {
        "x-file": null,
      },
    },
  },
  "GET /a.txt%0A": {
    answer: {
      status: 404,
      headers: {
        "x-after": null,
        "x-before": null,
      },
    },
  },
  "OPTIONS /u.html": {
    answer: {
      status: 404,
      headers: {
        "x-file": null,
      },
    },
  },
  "GET /u.html | If-Modified-Since: Wed, 01 Jan 2070 00:00:00 GMT": {
    answer: {
      status: 304,
      headers: {
        "x-file": "yes",
      },
    },
  },
  "GET /s?f=a.txt%00": {
    answer: {
      status: 404,
      headers: {
        "x-before": null,
      },
    },
  },
  "GET /sn?f=a.txt&n=%C3%BC.txt": {
    answer: {
      status: 200,
      headers: {
        "content-disposition": "attachment; filename=\"?.txt\"; filename*=UTF-8''%C3%BC.txt",
      },
    },
  },
  "GET /sn?f=a.txt&n=a%22b.txt": {
    answer: {
      status: 200,
      headers: {
        "content-disposition": 'attachment; filename="a\\"b.txt"',
      },
    },
  },
  "GET /sn?f=a.txt&n=dir%2Fx.txt": {
    answer: {
      status: 200,
      headers: {
        "content-disposition": 'attachment; filename="x.txt"',
      },
    },
  },
  "GET /data?d=x&t=json": {
    answer: {
      status: 200,
      headers: {
        "content-type": "application/json; charset=utf-8",
      },
    },
  },
  "GET /cookie": {
    answer: {
      status: 200,
      headers: {
        "set-cookie": ["c=1; Path=/; HttpOnly"],
      },
    },
  },
  "GET /empty": {
    answer: {
      status: 404,
      headers: {
        "x-after": "1",
      },
    },
  },
  "HEAD /cookie": {
    answer: {
      status: 200,
      headers: {
        "set-cookie": ["c=1; Path=/; HttpOnly"],
      },
      body: "",
    },
  },
};
