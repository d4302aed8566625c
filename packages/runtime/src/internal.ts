/** What the test kit needs of the runtime and users do not: engines made of parts, code that is no build, jobs' classes. */
export { jobParams } from "./attempt/job-params.js";
export type { LoadedTask, TaskLoader } from "./attempt/load-task.js";
export { loadTask } from "./attempt/load-task.js";
export { type Code, nameOf } from "./builds/code.js";
export { PinnedBuild } from "./builds/pinned-build.js";
export { type RuleMatch, ruleMatch } from "./builds/rule-match.js";
export { checkCount } from "./check-count.js";
export { SeededRandom } from "./drivers/flow/seeded-random.js";
export { assembleEngine } from "./engine.js";
export { inlineExecutorWith } from "./executors/inline/inline-executor.js";
export { FAILPOINTS, type Failpoint } from "./failpoints/failpoint.js";
export { Schedules } from "./schedules/schedules.js";
export { engineLimits } from "./steps/admission/engine-limits.js";
export { Dispatcher } from "./steps/dispatcher.js";
export { kindsElsewhere } from "./steps/lanes.js";
