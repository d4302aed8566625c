/** Vitest for `npm run matrix`. */
import { defineConfig } from "vitest/config";

export default defineConfig({
  root: new URL("../..", import.meta.url).pathname,
  test: {
    include: ["test/toolchains/matrix.ts", "test/toolchains/templates.ts"],
    globalSetup: ["test/toolchains/setup.ts"],
    pool: "forks",
    // What runs are other processes.
    maxConcurrency: 2,
    disableConsoleIntercept: true,
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
});
