import type { Deviations } from "../deviations.ts";

export const deviations: Deviations = {
  "GET /bang": {
    answer: {
      status: 200,
      body: "b|H|||||yes|n||end!",
    },
  },
  "GET /nol": {
    answer: {
      status: 200,
      body: "n|H|||||yes|n||end",
    },
  },
  "GET /nol0": {
    answer: {
      status: 200,
      body: "n|H|||||yes|n||end",
    },
  },
  "GET /other": {
    answer: {
      status: 200,
      body: "O[o|H|||||yes|n||end]H",
    },
  },
  "GET /gone": {
    answer: {
      status: 200,
      body: "g|H|||||yes|n||end",
    },
  },
  "GET /seen (9)": {
    answer: {
      status: 200,
      body: "bt at",
    },
  },
  "GET /missing": {
    answer: {
      status: 500,
      headers: {
        "x-after": null,
      },
    },
  },
  "GET /seen (10)": {
    answer: {
      status: 200,
      body: "bt",
    },
  },
  "GET /up": {
    answer: {
      status: 500,
      headers: {
        "x-after": null,
        "x-before": null,
      },
    },
  },
  "GET /seen (13)": {
    answer: {
      status: 200,
      body: "bt",
    },
  },
  "GET /abs": {
    answer: {
      status: 200,
      body: "abs|H|||||yes|n||end",
    },
  },
  "GET /type": {
    answer: {
      status: 200,
      body: "p|H|||||yes|n||end",
    },
  },
  "GET /status": {
    answer: {
      status: 404,
      body: "nf|H|||||yes|n||end",
    },
  },
  "GET /halt": {
    answer: {
      status: 200,
      body: "h|H|||||yes|n||end",
    },
  },
  "GET /v/a%3Cb": {
    answer: {
      status: 200,
      body: "a&lt;b|H|ann|0||called|yes|n|x y|end",
    },
  },
  "@layout GET /bang": {
    answer: {
      status: 200,
      body: "M(none)[b|H|||||yes|n||END!]",
    },
  },
  "@layout GET /nol": {
    answer: {
      status: 200,
      body: "n|H|||||yes|n||end",
    },
  },
  "@layout GET /nol0": {
    answer: {
      status: 200,
      body: "n|H|||||yes|n||end",
    },
  },
  "@layout GET /other": {
    answer: {
      status: 200,
      body: "O[o|H|||||yes|n||end]H",
    },
  },
  "@layout GET /gone": {
    answer: {
      status: 200,
      body: "g|H|||||yes|n||end",
    },
  },
  "@layout GET /seen (9)": {
    answer: {
      status: 200,
      body: "bt at",
    },
  },
  "@layout GET /missing": {
    answer: {
      status: 500,
      headers: {
        "x-after": null,
      },
    },
  },
  "@layout GET /seen (10)": {
    answer: {
      status: 200,
      body: "bt",
    },
  },
  "@layout GET /up": {
    answer: {
      status: 500,
      headers: {
        "x-after": null,
        "x-before": null,
      },
    },
  },
  "@layout GET /seen (13)": {
    answer: {
      status: 200,
      body: "bt",
    },
  },
  "@layout GET /abs": {
    answer: {
      status: 200,
      body: "M(none)[abs|H|||||yes|n||end]",
    },
  },
  "@layout GET /type": {
    answer: {
      status: 200,
      body: "M(none)[p|H|||||yes|n||end]",
    },
  },
  "@layout GET /status": {
    answer: {
      status: 404,
      body: "M(none)[nf|H|||||yes|n||end]",
    },
  },
  "@layout GET /halt": {
    answer: {
      status: 200,
      body: "M(none)[h|H|||||yes|n||end]",
    },
  },
  "@layout GET /v/a%3Cb": {
    answer: {
      status: 200,
      body: "M(none)[a&lt;b|H|ann|0||called|yes|n|x y|end]",
    },
  },
  "@auto GET /layouts/main": {
    answer: {
      status: 404,
    },
  },
  "@auto GET /seen": {
    answer: {
      status: 200,
      body: "bt at bl al bt at bl al bt at bl al bt at bl al bt at bl al bt at bl al bt at bl al bt at bl al bt at bl al bt at bl al bt at bl al bt at bl al bt at bl al bt at bl al bt at bl al bt at bl al",
    },
  },
};
