import type { Deviations } from "../deviations.ts";

export const deviations: Deviations = {
  "same_site None": { answer: { status: 500, headers: { "set-cookie": null } } },
};
