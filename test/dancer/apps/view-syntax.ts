/** Our own suite "view-syntax": the syntax of the template engine `simple`. */
import type { App } from "../../../src/app.ts";

const tokens = {
  a: "A",
  zero: 0,
  empty: "",
  list: [1, 2, 3],
  map: { k: "v", deep: { x: "y" } },
  code: () => "ran",
  u: undefined,
  n: 1.5,
  spaces: " x ",
  a_b: "under",
  A: "upper",
  b: "B",
  t: 1,
  f: 0,
  listempty: [],
  nl: "l1\nl2",
};

export default function define(app: App): void {
  app.set("show_errors", false);
  app.get("/:v", ({ template, params }) => template(params.v, { ...tokens }));
}
