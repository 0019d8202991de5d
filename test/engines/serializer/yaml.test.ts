import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readYaml, writeYaml } from "../../../src/engines/serializer/yaml.ts";
import { createApp, visit } from "../../support/app.ts";

/** Lists that each hold the one before three times: 3 to the power of `levels` values. */
function bomb(levels: number): string {
  let text = "a0: &a0 [x, x, x]\n";
  for (let level = 1; level <= levels; level += 1) {
    const alias = `*a${level - 1}`;
    text += `a${level}: &a${level} [${alias}, ${alias}, ${alias}]\n`;
  }
  return text;
}

describe("SEC-706 a YAML body", () => {
  it.each([
    ["many values", bomb(16)],
    ["long texts", `a: &a ${"x".repeat(4000)}\nb: [*a, *a, *a, *a, *a, *a]\n`],
    ["long keys", `a: &a { ${"x".repeat(4000)}: 1 }\nb: [*a, *a, *a, *a, *a, *a]\n`],
    ["itself", "a: &a [*a, *a]\n"],
  ])("is refused when its aliases repeat %s", async (_, body) => {
    const app = createApp({ session: null, serializer: "yaml" }, (it) => {
      it.post("/", ({ request }) => ({ got: request.data }));
    });
    const reply = await visit(app).post("/", { body, headers: { "content-type": "text/x-yaml" } });
    expect(reply.status).toBe(400);
  });

  it("may repeat a little", () => {
    expect(readYaml("a: &a [1, 2]\nb: [*a, *a]\n")).toEqual({
      a: [1, 2],
      b: [
        [1, 2],
        [1, 2],
      ],
    });
  });

  it("without aliases is never too much", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: "binary" }), { minLength: 100, maxLength: 200 }),
        (data) => {
          expect(readYaml(writeYaml(data))).toEqual(data);
        },
      ),
      { numRuns: 5 },
    );
  });
});
