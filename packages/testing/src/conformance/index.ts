/** Conformance suites of the ports, for Vitest, and what tests of an adapter feed it with: re-exports by name, nothing else. */
export { type CheckpointerHome, checkpointerConformance } from "./checkpointer-conformance.js";
export { type ClockUnderTest, clockConformance } from "./clock-conformance.js";
export { executorConformance } from "./executor/executor-conformance.js";
export { errorOf, jobFor, LaneRecorder, resultOf, type Settled } from "./executor/lane-recorder.js";
export { type ObserverHome, observerConformance } from "./observer-conformance.js";
export { EventFeed, everyEvent } from "./samples/event-feed.js";
export { plainFact, recordedFacts } from "./samples/recorded-facts.js";
export { everyFact, runStartedFact, stepSettledFact, storedText } from "./samples/sample-facts.js";
export { type RunStoreConformanceOptions, runStoreConformance } from "./store/run-store-conformance.js";
export type { StoreHome } from "./store/store-under-test.js";
