import type { Deviations } from "../deviations.ts";

export const deviations: Deviations = {
  "yaml bad body": {
    answer: {
      status: 400,
      headers: { "content-type": "text/x-yaml; charset=utf-8" },
      body: "---\nerror: the body is not what its type text/x-yaml says\nexception: HTTPError\n",
    },
  },
  "xml body, other type": {
    answer: {
      status: 200,
      headers: { "content-type": "text/html; charset=utf-8" },
      body: "in a=1",
    },
  },
  "xml bad body": {
    answer: {
      status: 400,
      headers: { "content-type": "text/xml; charset=utf-8" },
      body: '<data error="the body is not what its type text/xml says" exception="HTTPError" />\n',
    },
  },
  "xml external entity is not fetched": {
    because: "A document type declaration is refused, and the client is told.",
    answer: {
      status: 400,
      headers: { "content-type": "text/xml; charset=utf-8" },
      body: '<data error="the body is not what its type text/xml says" exception="HTTPError" />\n',
    },
  },
};
