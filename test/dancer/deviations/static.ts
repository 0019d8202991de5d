import type { Deviations } from "../deviations.ts";

export const deviations: Deviations = {
  "hidden file": {
    answer: {
      status: 200,
      headers: { "content-type": "text/html; charset=utf-8", "last-modified": null },
      body: "route .hidden",
    },
  },
  "post gets the file, not the route": {
    answer: {
      status: 200,
      headers: { "content-type": "text/html; charset=utf-8", "last-modified": null },
      body: "posted to a file name",
    },
  },
  "delete gets the file": {
    answer: {
      status: 405,
      headers: { "content-type": "text/html; charset=utf-8", "last-modified": null },
      probes: { "<title>Error 405</title>": true },
    },
  },
  "type from the request": {
    answer: {
      status: 200,
      headers: { "content-type": "text/plain; charset=utf-8" },
      body: "hello\n",
    },
  },
  "range is ignored": {
    because: "Ranges let downloads resume and players seek.",
    answer: { status: 206, headers: { "content-type": "text/plain; charset=utf-8" }, body: "he" },
  },
  "nul byte": {
    because: "Refused too, with a page of our own.",
    answer: { status: 400, probes: { "<title>Error 400</title>": true } },
  },
  "nul byte behind Starman": {
    answer: {
      status: 400,
      headers: { "content-type": "text/html; charset=utf-8", "last-modified": null },
      probes: { "<title>Error 400</title>": true },
    },
  },
  "a sibling directory whose name starts with public": {
    answer: {
      status: 404,
      headers: { "content-type": "text/html; charset=utf-8", "last-modified": null },
      probes: { "<title>Error 404</title>": true },
    },
  },
};
