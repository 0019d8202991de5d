import type { Deviations } from "../deviations.ts";

export const deviations: Deviations = {
  "GET /log (5)": {
    answer: {
      body: "a1:200 a2 b1 b2 file:f.txt filed a1:200 a2 b1 b2 b3",
      status: 200,
    },
  },
  "GET /b307": {
    answer: {
      body: "",
      status: 307,
    },
  },
  "GET /append9": {
    answer: {
      body: "route /append1++",
      status: 200,
    },
  },
  "GET /vnone": {
    answer: {
      headers: {
        "x-a1": null,
      },
      status: 500,
    },
  },
  "GET /log (51)": {
    answer: {
      body: "a1:200 a2 b1 b2 b3 bt route:text handler:text init:500 render:500 rendered:500 b1 b2 b3",
      status: 200,
    },
  },
  "@json GET /vnone": {
    answer: {
      headers: {
        "x-a1": null,
      },
      status: 500,
    },
  },
  "@json GET /log (8)": {
    answer: {
      body: "a1:200 a2 b1 b2 b3 bt route:text handler:text init:500 render:500 rendered:500 b1 b2 b3",
      status: 200,
    },
  },
  "@json GET /log (11)": {
    answer: {
      status: 200,
    },
  },
};
