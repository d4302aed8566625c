/** What the runtime needs of the SDK and authors do not: binding, parameters, metadata, frames, error brands. */
export { bindFlow, bindTask, taskBinding } from "./context/binding.js";
export type {
  CallRequest,
  FlowBinding,
  LocalStepRequest,
  MapRequest,
  SleepRequest,
  WaitRequest,
} from "./context/flow-binding.js";
export type { TaskBinding } from "./context/task-binding.js";
export { isFatal, retryAfter } from "./errors.js";
export { Flow } from "./flow.js";
export { giveParams, paramNames } from "./metadata/give-params.js";
export { refineParams } from "./metadata/refine-params.js";
export { type Declaration, declarationOf, isResource, paramsOf } from "./metadata/store.js";
export type { Rule } from "./rule.js";
export { currentFrame, type Frame, frameOf, runInFrame } from "./stamps.js";
