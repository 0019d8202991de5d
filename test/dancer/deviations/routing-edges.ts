import type { Deviations } from "../deviations.ts";

export const deviations: Deviations = {
  "GET /dash/a-b": {
    answer: {
      status: 200,
      body: "dash x-=a-b",
    },
  },
  "GET /dash/a": {
    answer: {
      status: 200,
      body: "dash x-=a",
    },
  },
  "GET /paren(s)": {
    answer: {
      status: 200,
      body: "parens",
    },
  },
  "GET /parens": {
    answer: {
      status: 404,
    },
  },
  "GET /paren%28s%29": {
    answer: {
      status: 200,
      body: "parens",
    },
  },
  "GET /plus+": {
    answer: {
      status: 200,
      body: "plus",
    },
  },
  "GET /plus%2B": {
    answer: {
      status: 200,
      body: "plus",
    },
  },
  "GET /br[a]cket": {
    answer: {
      status: 200,
      body: "bracket",
    },
  },
  "GET /bracket": {
    answer: {
      status: 404,
    },
  },
  "GET /br%5Ba%5Dcket": {
    answer: {
      status: 200,
      body: "bracket",
    },
  },
  "GET /dollar$": {
    answer: {
      status: 200,
      body: "dollar",
    },
  },
  "GET /caret^": {
    answer: {
      status: 200,
      body: "caret",
    },
  },
  "GET /caret%5E": {
    answer: {
      status: 200,
      body: "caret",
    },
  },
  "GET /rxopt/b": {
    answer: {
      status: 200,
      body: "rxopt undef; b",
    },
  },
  "GET /RXI/ABC": {
    answer: {
      status: 200,
      body: "rxi 0",
    },
  },
  "GET /rxi/abc?x=1": {
    answer: {
      status: 200,
      body: "rxi 0",
    },
  },
  "GET /rxu/%C3%BCber": {
    answer: {
      status: 200,
      body: "rxu über",
    },
  },
  "GET /pre/de": {
    answer: {
      status: 200,
      body: "pre root lang=de",
    },
  },
  "GET /pre/de/": {
    answer: {
      status: 200,
      body: "pre root lang=de",
    },
  },
  "GET /tr/a": {
    answer: {
      status: 200,
      body: "tr a",
    },
  },
  "GET /tr//a": {
    answer: {
      status: 404,
    },
  },
  "GET /./a/x/b": {
    answer: {
      status: 200,
      body: "generic one=a,three=b",
    },
  },
  "GET /a/../a/x/b": {
    answer: {
      status: 200,
      body: "generic one=a,three=b",
    },
  },
  "GET /a/x/b%00": {
    answer: {
      status: 400,
    },
  },
  "GET /a/x/%E9": {
    answer: {
      status: 400,
    },
  },
  "GET /a/x/%C3": {
    answer: {
      status: 400,
    },
  },
  "GET /a/x/%": {
    answer: {
      status: 400,
    },
  },
  "GET /a/x/%zz": {
    answer: {
      status: 400,
    },
  },
  "GET /a/x/%FF%FE": {
    answer: {
      status: 400,
    },
  },
};
