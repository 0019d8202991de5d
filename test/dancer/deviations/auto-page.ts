import type { Deviations } from "../deviations.ts";

export const deviations: Deviations = {
  "layouts can be asked for": { answer: { status: 404 } },
  "traversal out of views": { answer: { status: 404, probes: { hunter2: false } } },
  "traversal, escaped": { answer: { status: 404, probes: { hunter2: false } } },
  "traversal to the program": { answer: { status: 404, probes: { auto_page: false } } },
};
