/** `defineTask`: a task without decorators. It makes the class that `@task` would stand on, so nothing else tells the forms apart. */
import type { StepOptions } from "@millrace/core";
import { TAKE_PARAMS } from "../metadata/give-params.js";
import { setDeclaration, setWholeSchema } from "../metadata/store.js";
import { Task } from "../task.js";
import type { params } from "../types/params.js";
import type { StandardSchemaV1 } from "../types/standard-schema.js";
import { attachHooks } from "./attach-hooks.js";
import { contextOf, type TaskContext } from "./task-context.js";

/**
 * The lifecycle hooks of a class, with the same order and meaning: first what the hook of a class gets, then the two
 * arguments of `run`. TypeScript reads a definition from top to bottom: a hook that stands before `run` knows the type
 * of `p` only if it names it.
 */
export interface TaskHooks<P> {
  /** First of all. A throw skips `run` and counts as failure. */
  readonly onCreate?: (p: P, task: TaskContext) => void | Promise<void>;
  /** Before `run`, if the step failed in an earlier life of the run and is tried again. A throw counts as failure. */
  readonly onRestart?: (p: P, task: TaskContext) => void | Promise<void>;
  /** After a successful `run`. A throw fails the attempt. */
  readonly onSuccess?: (p: P, task: TaskContext) => void | Promise<void>;
  /** After a failure, also of onCreate, onRestart and onSuccess, and after a timeout. A throw is reported. */
  readonly onFailure?: (error: Error, p: P, task: TaskContext) => void | Promise<void>;
  /** On cancel, timeout or interrupt, within the grace period. A throw is reported. */
  readonly onAbort?: (reason: Error, p: P, task: TaskContext) => void | Promise<void>;
  /** Last, whatever happened. A throw is reported. */
  readonly onDestroy?: (p: P, task: TaskContext) => void | Promise<void>;
}

/** What a task is made of. */
export interface TaskDefinition<P extends object, R, Q extends object = P> {
  /** Name in manifests and records; a literal. */
  readonly id: string;
  /** As for `@task`; literals. */
  readonly options?: StepOptions;
  /** Lifecycle hooks. */
  readonly hooks?: TaskHooks<Q>;
  /**
   * Refines what is given, where the code runs: a Standard Schema (Zod, Valibot, ArkType, …) whose input and output are of
   * P. Its output is what `run` gets. Without a type at `run`, P is the schema's output.
   */
  readonly params?: StandardSchemaV1<unknown, P>;
  /** The work. May be synchronous. `p` holds what the caller gives: optional parameters get their defaults by destructuring. */
  run(p: P, task: TaskContext): R | Promise<R>;
}

/** The instance type of a task that `defineTask` made: its parameters are exact without a build. */
export interface DefinedTask<P extends object, R> extends Task<R> {
  /** What `ParamsOf` reads; never set. */
  [params]?(p: P, seen: never): void;
}

/**
 * Declares a task by a function. P and R are read from `run`'s signature. `Q` is what the hooks take for P: a type of
 * its own, so that hooks which stand before `run` do not decide P.
 */
export function defineTask<P extends object = Record<never, never>, R = unknown, Q extends object = P>(
  definition: TaskDefinition<P, R, Q> & ([P] extends [Q] ? unknown : { readonly hooks?: TaskHooks<P> }),
): new () => DefinedTask<P, R> {
  const { id, options = {}, hooks = {}, params: schema } = definition;
  class Defined extends Task<R> {
    #params: object = {};
    #context: TaskContext | undefined;

    [TAKE_PARAMS](given: object): void {
      this.#params = given;
    }

    run(): R | Promise<R> {
      const [p, context] = this.given;
      return definition.run(p, context);
    }

    get given(): readonly [P, TaskContext] {
      this.#context ??= contextOf(this);
      return [this.#params as P, this.#context]; // the engine has checked them against P's schema
    }
  }
  attachHooks(Defined, hooks, ({ given }) => given);
  Object.defineProperty(Defined, "name", { value: id });
  setDeclaration(Defined, { kind: "task", id, options });
  if (schema) setWholeSchema(Defined, schema);
  return Defined;
}
