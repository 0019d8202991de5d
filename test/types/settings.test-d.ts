import { describe, expectTypeOf, it } from "vitest";
import type { BuiltInSettings, Settings } from "../../src/config/settings.ts";

declare module "../../src/config/settings.ts" {
  interface Settings {
    /** What an app adds. */
    readonly items_per_page?: number;
  }
}

describe("Settings", () => {
  it("has the types that the table gives", () => {
    expectTypeOf<Settings["port"]>().toEqualTypeOf<number>();
    expectTypeOf<Settings["layout"]>().toEqualTypeOf<string | null>();
    expectTypeOf<Settings["session_expires"]>().toEqualTypeOf<number | null>();
    expectTypeOf<Settings["session_same_site"]>().toEqualTypeOf<"Strict" | "Lax" | "None">();
    expectTypeOf<Settings["session_secure"]>().toEqualTypeOf<boolean | "auto" | null>();
    expectTypeOf<Settings["session_cookie_key"]>().toEqualTypeOf<
      string | readonly string[] | null
    >();
    expectTypeOf<Settings["log"]>().toEqualTypeOf<
      "core" | "debug" | "info" | "warning" | "error" | null
    >();
  });

  it("can be extended by an app", () => {
    expectTypeOf<Settings["items_per_page"]>().toEqualTypeOf<number | undefined>();
  });

  it("does not take names that nobody defined", () => {
    expectTypeOf<BuiltInSettings>().not.toHaveProperty("sesion");
    expectTypeOf<BuiltInSettings>().not.toHaveProperty("items_per_page");
  });
});
