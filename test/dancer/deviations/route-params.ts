import type { Deviations } from "../deviations.ts";

export const deviations: Deviations = {
  "trailing newline in the path matches": { answer: { status: 404 } },
};
