import type { Deviations } from "../deviations.ts";

export const deviations: Deviations = {
  "route params of a passed route stay": { answer: { status: 200, body: "two=v" } },
};
