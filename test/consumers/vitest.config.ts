/** Vitest for the consumers: large installs and builds, one after the other. Run by `npm run consumers`. */
import { defineConfig } from "vitest/config";

export default defineConfig({
  root: import.meta.dirname,
  test: {
    include: ["*.consumer.ts"],
    globalSetup: ["install-consumers.ts"],
    fileParallelism: false,
    disableConsoleIntercept: true,
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
