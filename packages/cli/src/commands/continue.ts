/** `flow continue [run]`. */
import type { ExitCode } from "@millrace/core";
import { changeOf } from "./change-breakpoints.js";
import type { CommonOptions } from "./common-options.js";

/** Options of `flow continue`. */
export interface ContinueOptions extends CommonOptions {
  /** Only the longest held goes on, and what begins then is held. */
  readonly step?: boolean;
}

/** Lets what is held go on. */
export function continueRun(id: string | undefined, { step, ...options }: ContinueOptions): Promise<ExitCode> {
  return changeOf(id, { change: step ? "step" : "continue" }, options);
}
