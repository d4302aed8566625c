/** The options and arguments of `start`. */
import type { RunOrigin } from "@millrace/core";
import type { ParamsArgument, ParamsOf } from "@millrace/sdk";

/** What becomes of a start under an id that a run has already. */
export type IfExists =
  /** It is refused with `run-exists`. */
  | "fail"
  /**
   * It stands for that run: one that this engine drives is the same object; one that nobody drives goes on from its record; one
   * that has ended gives what is on record, as a result or a failure. Nothing is done twice.
   */
  | "attach"
  /** As `attach`, but one that has failed goes on: what its error blames is tried again. */
  | "resume";

/** How a run is started. */
export interface StartOptions {
  /** Id of the run. Default: generated, sortable by time. */
  readonly id?: string;
  /** What a run that has the id already means. Default `fail`. */
  readonly ifExists?: IfExists;
  /** Selectors of steps that are held before they begin, from the first one on; see `Run.break`. */
  readonly breakpoints?: readonly string[];
  /** The file that the flow, graph or rules come from: kept on record for whoever goes on with the run, and of no other meaning. */
  readonly origin?: RunOrigin;
}

/** Arguments of `start`: parameters may be left out when all are optional. */
export type StartArguments<T> =
  Record<never, never> extends ParamsOf<T>
    ? [params?: ParamsArgument<T>[0], options?: StartOptions]
    : [params: ParamsOf<T>, options?: StartOptions];
