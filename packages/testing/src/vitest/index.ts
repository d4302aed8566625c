/** The Vitest plugin: re-exports by name, nothing else. */
export type { CoverageDocument, CoverageThresholds } from "../graph-coverage/coverage-report.js";
export type { GraphCoverageOptions } from "./coverage-reporter.js";
export { type MillraceOptions, millrace } from "./plugin.js";
