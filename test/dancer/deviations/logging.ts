import type { Deviations } from "../deviations.ts";

export const deviations: Deviations = {
  data: {
    because: "Data is written as JavaScript writes it; any readable form will do.",
    answer: {
      status: 200,
      headers: { "content-type": "text/html; charset=utf-8" },
      body: "logged",
      files: { "mylogs/my.log": "debug|data: [ 1, { a: 'b' } ]undefined\n" },
    },
  },
  "line breaks": {
    because: "One entry stays one line, so that nobody can forge another.",
    answer: {
      status: 200,
      headers: { "content-type": "text/html; charset=utf-8" },
      body: "logged",
      files: { "mylogs/my.log": "debug|two\\nlines\n" },
    },
  },
  "missing view": {
    because: "The line names the request and the file that was looked for.",
    answer: {
      status: 500,
      headers: { "content-type": "text/html; charset=utf-8" },
      probes: { "<title>Error 500</title>": true },
      files: {
        "mylogs/my.log":
          'error|request to GET /view crashed: view not found: there was no folder "views" for "missing" when the app started\n',
      },
    },
  },
};
