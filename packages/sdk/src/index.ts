/** Public face of the SDK: what authors of tasks and flows import. */
export type { Duration, Emission, ErrorToken, RetryOptions, SecretProvider, StepOptions, Token } from "@millrace/core";
export { isMillraceError, MillraceError, Ref, Secret } from "@millrace/core/thread";
export type { FlowInfo, MapOptions, Outcome, WaitOptions } from "./context/flow-binding.js";
export type { Logger } from "./context/logger.js";
export type {
  SetOptions,
  Shared,
  SharedKey,
  SharedPair,
  SharedState,
  SharedValue,
  TaskShared,
} from "./context/shared.js";
export type { StepInfo } from "./context/task-binding.js";
export { type FlowOptions, flow } from "./decorators/flow.js";
export { type ParamDecorator, param } from "./decorators/param.js";
export { resource } from "./decorators/resource.js";
export { type RuleOptions, rule } from "./decorators/rule.js";
export { type TaskOptions, task } from "./decorators/task.js";
export { type DefinedFlow, defineFlow, type FlowDefinition } from "./define/define-flow.js";
export { defineRule, type RuleContext, type RuleDefinition } from "./define/define-rule.js";
export { type DefinedTask, defineTask, type TaskDefinition, type TaskHooks } from "./define/define-task.js";
export type { FlowContext } from "./define/flow-context.js";
export type { TaskContext } from "./define/task-context.js";
export { FatalError, RetryableError } from "./errors.js";
export { type CallArguments, type Callable, Flow, type OrRef, type ParamsOrRefs } from "./flow.js";
export type { Resource, ResourceClass } from "./resource.js";
export { Rule } from "./rule.js";
export type { Emitted, OneEmitted, TokenCall, TokenReturn } from "./rules/emitted.js";
export { Task } from "./task.js";
export type { ClassOf, DataKeys, FlowRegistry, ParamsArgument, ParamsOf, params, ResultOf } from "./types/params.js";
export type { StandardIssue, StandardResult, StandardSchemaV1 } from "./types/standard-schema.js";
export { type ValueClassLike, type ValueOptions, value } from "./values/value.js";
