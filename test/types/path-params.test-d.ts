import { expectTypeOf, it } from "vitest";
import type { PathParams } from "../../src/routing/path-params.ts";

declare function namesIn<P extends string>(path: P): (keyof PathParams<P>)[];

it("names each token of the path", () => {
  expectTypeOf<PathParams<"/users/:id">>().toEqualTypeOf<{ readonly id: string }>();
  expectTypeOf<PathParams<"/x/:base.:ext">>().toEqualTypeOf<{
    readonly base: string;
    readonly ext: string;
  }>();
  expectTypeOf<PathParams<"/:a:b">>().toEqualTypeOf<{ readonly a: string; readonly b: string }>();
  expectTypeOf<PathParams<"/:id*/x">>().toEqualTypeOf<{ readonly id: string }>();
});

it("makes optional tokens optional", () => {
  expectTypeOf<PathParams<"/a/:b?/c">>().toEqualTypeOf<{ readonly b?: string }>();
  expectTypeOf<PathParams<"/:id/:tab?">>().toEqualTypeOf<{
    readonly id: string;
    readonly tab?: string;
  }>();
  expectTypeOf<PathParams<"/:name?.json">>().toEqualTypeOf<{ readonly name?: string }>();
});

it("knows no names where the path has none", () => {
  expectTypeOf(namesIn("/*")).toEqualTypeOf<never[]>();
  expectTypeOf(namesIn("/about/**")).toEqualTypeOf<never[]>();
  expectTypeOf(namesIn("/")).toEqualTypeOf<never[]>();
});

it("allows any name where the path is not known", () => {
  expectTypeOf<PathParams<string>>().toEqualTypeOf<Readonly<Record<string, string | undefined>>>();
  expectTypeOf<PathParams<RegExp>>().toEqualTypeOf<Readonly<Record<string, string | undefined>>>();
});

it("keeps a token that is there at least once", () => {
  expectTypeOf<PathParams<"/:x/:x?">["x"]>().toEqualTypeOf<string>();
});
