/** Public face of the test kit: re-exports by name, nothing else. */
export { ManualClock } from "./clock/manual-clock.js";
