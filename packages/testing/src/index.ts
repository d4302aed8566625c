/** Public face of the test kit: re-exports by name, nothing else. */
export { ManualClock } from "./clock/manual-clock.js";
export type { CompileResult } from "./compiler/load-compiler.js";
export type { Environment } from "./rig/command-environment.js";
export type { FinishedCommand } from "./rig/finished-command.js";
export { type CommandOptions, type LineOptions, type RunningCommand, startCommand } from "./rig/running-command.js";
export {
  createTestProject,
  type ProjectCommandOptions,
  type TestProject,
  type TestProjectOptions,
} from "./rig/test-project.js";
export { EventFeed, everyEvent } from "./samples/event-feed.js";
export { plainFact, recordedFacts } from "./samples/recorded-facts.js";
export { everyFact, runStartedFact, stepSettledFact, storedText } from "./samples/sample-facts.js";
