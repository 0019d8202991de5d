import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { conditions: ["source"] },
  ssr: { resolve: { conditions: ["source"] } },
  test: {
    include: ["test/**/*.test.ts"],
    typecheck: { include: ["test/types/*.test-d.ts"] },
    testTimeout: 30_000,
  },
});
