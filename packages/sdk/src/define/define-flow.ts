/** `defineFlow`: a flow without decorators. It makes the class that `@flow` would stand on, so nothing else tells the forms apart. */
import type { FlowOptions } from "../decorators/flow.js";
import type { Flow } from "../flow.js";
import { TAKE_PARAMS } from "../metadata/give-params.js";
import { setDeclaration, setWholeSchema } from "../metadata/store.js";
import type { params } from "../types/params.js";
import type { StandardSchemaV1 } from "../types/standard-schema.js";
import { FlowContext } from "./flow-context.js";

/** What a flow is made of. */
export interface FlowDefinition<P extends object, R> {
  /** Name in manifests and records; a literal. */
  readonly id: string;
  /** As for `@flow`; literals. */
  readonly options?: Omit<FlowOptions, "id">;
  /**
   * Refines what is given, where the code runs: a Standard Schema (Zod, Valibot, ArkType, …) whose input and output are of
   * P. Its output is what `run` gets. Without a type at `run`, P is the schema's output.
   */
  readonly params?: StandardSchemaV1<unknown, P>;
  /** The decisions. `p` holds what the caller gives: optional parameters get their defaults by destructuring. */
  run(p: P, flow: FlowContext): R | Promise<R>;
}

/** The instance type of a flow that `defineFlow` made: its parameters are exact without a build. */
export interface DefinedFlow<P extends object, R> extends Flow<R> {
  /** What `ParamsOf` reads; never set. */
  [params]?(p: P, seen: never): void;
}

/** Declares a flow by a function. P and R are read from `run`'s signature. */
export function defineFlow<P extends object = Record<never, never>, R = unknown>(
  definition: FlowDefinition<P, R>,
): new () => DefinedFlow<P, R> {
  const { id, options = {}, params: schema } = definition;
  class Defined extends FlowContext {
    #params: object = {};

    [TAKE_PARAMS](given: object): void {
      this.#params = given;
    }

    run(): R | Promise<R> {
      return definition.run(this.#params as P, this); // the engine has checked them against P's schema
    }
  }
  Object.defineProperty(Defined, "name", { value: id });
  setDeclaration(Defined, { kind: "flow", id, options });
  if (schema) setWholeSchema(Defined, schema);
  return Defined;
}
