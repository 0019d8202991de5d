import type { Deviations } from "../deviations.ts";

export const deviations: Deviations = {
  variables: {
    answer: {
      status: 200,
      headers: { "content-type": "text/html; charset=utf-8" },
      body: "name=ann;missing=;zero=0;empty=",
    },
  },
  "standard tokens": {
    answer: {
      status: 200,
      headers: { "content-type": "text/html; charset=utf-8" },
      body: " own setting /std GET 1 var sess",
    },
  },
  "nothing is escaped": {
    answer: {
      status: 200,
      headers: { "content-type": "text/html; charset=utf-8" },
      body: "<p>&lt;b&gt;bold&lt;/b&gt; &amp; &quot;quotes&quot;</p>",
    },
  },
  "user input is not escaped": {
    answer: {
      status: 200,
      headers: { "content-type": "text/html; charset=utf-8" },
      body: "<p>&lt;script&gt;1&lt;/script&gt;</p>",
    },
  },
  "the map of tokens is changed": {
    because: "A map that a handler passes on is not changed behind its back.",
    answer: { status: 200, headers: { "content-type": "text/html; charset=utf-8" }, body: "name" },
  },
};
