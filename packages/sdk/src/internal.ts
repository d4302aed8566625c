/** What the runtime needs of the SDK and authors do not: binding, metadata, frames, error brands. */
export { bindFlow, bindTask, taskContext } from "./context/binding.js";
export type { CallRequest, FlowContext, LocalStepRequest, MapRequest } from "./context/flow-context.js";
export type { TaskContext } from "./context/task-context.js";
export { isFatal, retryAfter } from "./errors.js";
export { Flow } from "./flow.js";
export { type Declaration, declarationOf, paramsOf } from "./metadata/store.js";
export { currentFrame, type Frame, runInFrame } from "./stamps.js";
