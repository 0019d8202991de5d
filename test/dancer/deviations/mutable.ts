import type { Deviations } from "../deviations.ts";

export const deviations: Deviations = {
  "accept html gives YAML as text/html": {
    because: "Data called text/html could run as a page; a browser gets JSON.",
    answer: {
      status: 200,
      headers: { "content-type": "application/json; charset=utf-8" },
      body: '{"a":1}',
    },
  },
  "accept a list": {
    answer: {
      status: 200,
      headers: { "content-type": "text/xml; charset=utf-8" },
      body: '<data a="1" />\n',
    },
  },
  "accept beats content type": {
    because: "Text that looks like a number is quoted, so that it stays text.",
    answer: {
      status: 200,
      headers: { "content-type": "text/x-yaml; charset=utf-8" },
      body: "---\ngot: '7'\n",
    },
  },
  "bad json body": {
    because: "A body that cannot be parsed is answered with 400.",
    answer: {
      status: 400,
      headers: { "content-type": "application/json; charset=utf-8" },
      body: '{"error":"the JSON body is malformed at position 1","exception":"HTTPError"}',
    },
  },
};
