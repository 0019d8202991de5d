import type { Deviations } from "../deviations.ts";

export const deviations: Deviations = {
  write: {
    because:
      "Files are named by a hash of the id: who reads the folder cannot take over a session.",
    answer: { status: 200, headers: { "content-type": "text/html; charset=utf-8" }, body: "set" },
  },
  "another user": {
    because:
      "Files are named by a hash of the id: who reads the folder cannot take over a session.",
    answer: { status: 200, headers: { "content-type": "text/html; charset=utf-8" }, body: "set" },
  },
  "change in place is seen only if written again": {
    because: "What was read is live; a change in place is saved.",
    answer: { status: 200, headers: { "content-type": "text/html; charset=utf-8" }, body: "1+2" },
  },
  "destroy removes the file": {
    because:
      "A mark of the destroyed session stays for a while, so that no slower request revives it.",
    answer: {
      status: 200,
      headers: { "content-type": "text/html; charset=utf-8" },
      body: "destroyed",
    },
  },
  "after destroy": {
    because: "A read starts no session, and files are named by a hash of the id.",
    answer: { status: 200, headers: { "content-type": "text/html; charset=utf-8" }, body: "undef" },
  },
};
