/** Public face of the test kit: re-exports by name, nothing else. */
export { ManualClock } from "./clock/manual-clock.js";
export type { CompileResult } from "./compiler/load-compiler.js";
export { openTestEngine } from "./engine/open-test-engine.js";
export type { TestEngine, TestEngineOptions } from "./engine/test-engine.js";
export { EventLog } from "./events/event-log.js";
export type { Execution } from "./events/executions.js";
export type { StepSelector } from "./events/step-selector.js";
export { detectLeaks, type Leak, type LeakDetector, type LeakOptions } from "./leaks/detect-leaks.js";
export type { LeakKind } from "./leaks/resource-kinds.js";
export { seededRandom } from "./random/seeded-random.js";
export type { Environment } from "./rig/command-environment.js";
export type { FinishedCommand } from "./rig/finished-command.js";
export { type CommandOptions, type LineOptions, type RunningCommand, startCommand } from "./rig/running-command.js";
export {
  createTestProject,
  type ProjectCommandOptions,
  type TestProject,
  type TestProjectOptions,
} from "./rig/test-project.js";
export { type ControlledAttempt, type ControlledTask, controlled } from "./stand-ins/controlled.js";
export { fake, type ResourceFake } from "./stand-ins/fake.js";
export { type PrebakedSource, prebaked } from "./stand-ins/prebaked.js";
export type { RecordMode } from "./stand-ins/recording.js";
export type { StandIn } from "./stand-ins/stand-in.js";
