/** Tests: the plugin builds the project first, and lets tests import tasks and flows as they are. */
import { millrace } from "millrace/vitest";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [millrace()],
});
