/** Vitest for the whole repository: unit tests beside their files, what crosses a package or process in `test/`. */
import { defineConfig } from "vitest/config";

export default defineConfig({
  root: new URL("..", import.meta.url).pathname,
  oxc: { decorator: { legacy: true } },
  test: {
    include: ["packages/*/src/**/*.test.ts", "test/**/*.test.ts", "examples/*/test/**/*.test.ts"],
    exclude: ["**/node_modules/**", "**/dist/**", "**/.flow/**", "test/**/project/**"],
    pool: "forks",
    // Most tests wait for a child process half of the time.
    maxWorkers: "100%",
    // The Vitest plugin's; the plugin itself is for projects with flows.
    setupFiles: [new URL("../packages/testing/src/vitest/leak-setup.ts", import.meta.url).pathname],
    disableConsoleIntercept: true,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
