import type { Deviations } from "../deviations.ts";

export const deviations: Deviations = {
  "unknown name i_m_a_teapot": {
    answer: {
      status: 418,
      headers: { "content-type": "text/html; charset=utf-8" },
      body: "now 418",
    },
  },
  "unknown name see_other": {
    answer: {
      status: 303,
      headers: { "content-type": "text/html; charset=utf-8" },
      body: "now 303",
    },
  },
  "unknown name temporary_redirect": {
    answer: {
      status: 307,
      headers: { "content-type": "text/html; charset=utf-8" },
      body: "now 307",
    },
  },
  "unknown name unprocessable_entity": {
    answer: {
      status: 422,
      headers: { "content-type": "text/html; charset=utf-8" },
      body: "now 422",
    },
  },
  "204 drops the body": {
    because: "HTTP forbids a Content-Length with 204 (RFC 9110, 8.6).",
    answer: {
      status: 204,
      headers: { "content-length": null, "content-type": "text/html; charset=utf-8" },
      body: "",
    },
  },
  "304 drops the body": {
    because: "With 304 it would have to be the length of the whole answer (RFC 9110, 8.6).",
    answer: {
      status: 304,
      headers: { "content-length": null, "content-type": "text/html; charset=utf-8" },
      body: "",
    },
  },
};
