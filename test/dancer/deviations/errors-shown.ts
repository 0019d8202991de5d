import type { Deviations } from "../deviations.ts";

export const deviations: Deviations = {
  die: {
    answer: {
      status: 500,
      headers: { "content-type": "text/html; charset=utf-8" },
      probes: {
        "<title>Runtime Error</title>": true,
        "broken &lt;b&gt;bold&lt;/b&gt; &amp; &#39;quoted&#39;": true,
        "broken <b>": false,
        "runtime error": false,
        Stack: true,
        Settings: true,
        Environment: false,
        QUERY_STRING: false,
        needle: true,
        "visible value": true,
        hunter2: false,
        s3cr3t: false,
        t0k3n: false,
        "Hidden (looks potentially sensitive)": false,
      },
    },
  },
  "request headers in the dump": {
    answer: {
      status: 500,
      headers: { "content-type": "text/html; charset=utf-8" },
      probes: { c2VjcmV0: false, cookievalue: false },
    },
  },
  "source lines are shown": {
    answer: {
      status: 500,
      headers: { "content-type": "text/html; charset=utf-8" },
      probes: {
        "with a line at <appdir>/app.pl line": false,
        "app.pl around line": false,
        '<span class="nu">': false,
      },
    },
  },
};
