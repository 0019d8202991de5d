import type { Deviations } from "../deviations.ts";

export const deviations: Deviations = {
  "GET /uni": {
    answer: {
      status: 200,
      files: {
        "mylogs/development.log": " info|ü €\n",
      },
    },
  },
  "GET /hash": {
    answer: {
      status: 200,
      files: {
        "mylogs/development.log": " info|{ a: 1, b: [ 1, 2 ] }\n",
      },
    },
  },
  "GET /tab": {
    answer: {
      status: 200,
      files: {
        "mylogs/development.log": " info|a\\tb\n",
      },
    },
  },
};
