import type { Deviations } from "../deviations.ts";

export const deviations: Deviations = {
  "expires is not refreshed": {
    answer: { status: 200, headers: { "content-type": "text/html; charset=utf-8" }, body: "[1]" },
  },
  "the server side does not expire": {
    answer: { status: 200, headers: { "content-type": "text/html; charset=utf-8" }, body: "undef" },
  },
};
