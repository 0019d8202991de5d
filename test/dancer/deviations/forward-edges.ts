import type { Deviations } from "../deviations.ts";

export const deviations: Deviations = {
  "GET /q?a=old&b=2": {
    answer: {
      status: 200,
      body: "GET /t a=new,b=2,z=1 n=2",
    },
  },
  "POST /id/5 | Content-Type: application/x-www-form-urlencoded || id=body": {
    answer: {
      status: 200,
      body: "POST t id=9 fwd=1",
    },
  },
  "GET /chain?a=0&b=0&c=3": {
    answer: {
      status: 200,
      body: "GET /t a=1,b=2,c=3 n=3",
    },
  },
  "a>GET /sess2": {
    answer: {
      status: 200,
      body: "from first",
    },
  },
};
