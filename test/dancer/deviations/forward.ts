import type { Deviations } from "../deviations.ts";

export const deviations: Deviations = {
  "added params do not replace query params": {
    answer: { status: 200, body: "GET /target {extra=1,q=new,r=2}" },
  },
  "body kept": { answer: { status: 200, body: "raw[a=7] form[7]" } },
  "a query string in the target is not parsed": {
    answer: { status: 200, body: "GET /target {x=1}" },
  },
};
