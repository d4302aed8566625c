/** Vitest with the plugin, which looks for leaks, too. */
import { millrace } from "millrace/vitest";

export default { plugins: [millrace()], test: { include: ["src/report.test.ts"], testTimeout: 60_000 } };
