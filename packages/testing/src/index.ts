/** Public face of the test kit: re-exports by name, nothing else. */
export { ManualClock } from "./clock/manual-clock.js";
export { detectLeaks, type Leak, type LeakDetector, type LeakOptions } from "./leaks/detect-leaks.js";
export type { LeakKind } from "./leaks/resource-kinds.js";
