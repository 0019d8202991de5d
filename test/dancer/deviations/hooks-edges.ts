import type { Deviations } from "../deviations.ts";

export const deviations: Deviations = {
  "GET /forward-me": { answer: { status: 200, body: "target ran" } },
  "GET /pass-me": { answer: { status: 500 } },
  "GET /after-unicode": { answer: { status: 200, body: "changed ü" } },
  "GET /redirect-status": { answer: { status: 500, headers: { location: null } } },
  "GET /redirect-bad": { answer: { status: 500, headers: { location: null } } },
};
