/** Conformance suites of the ports, for Vitest: re-exports by name, nothing else. */
export { type ClockUnderTest, clockConformance } from "./clock-conformance.js";
export { executorConformance } from "./executor/executor-conformance.js";
export { errorOf, jobFor, LaneRecorder, resultOf, type Settled } from "./executor/lane-recorder.js";
export { type ObserverHome, observerConformance } from "./observer-conformance.js";
export { type RunStoreConformanceOptions, runStoreConformance } from "./store/run-store-conformance.js";
export type { StoreHome } from "./store/store-under-test.js";
