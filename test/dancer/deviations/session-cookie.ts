import type { Deviations } from "../deviations.ts";

export const deviations: Deviations = {
  "something appended": {
    answer: { status: 200, headers: { "content-type": "text/html; charset=utf-8" }, body: "undef" },
  },
  "the next visitor, without any cookie, has that session": {
    answer: { status: 200, headers: { "content-type": "text/html; charset=utf-8" }, body: "undef" },
  },
};
