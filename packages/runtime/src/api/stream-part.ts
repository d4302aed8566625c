/** What `run.stream` gives. */
import type { SettledState, StepRef } from "@millrace/core";

/** Something that a reader of a stream hears. */
export type StreamPart =
  /** An attempt began: what the step has emitted before is void. */
  | { readonly type: "began"; readonly step: StepRef; readonly attempt: number }
  /** `value` is what `emit` was given. */
  | { readonly type: "chunk"; readonly step: StepRef; readonly attempt: number; readonly value: unknown }
  /** So many parts were dropped here, since the reader was too slow. */
  | { readonly type: "dropped"; readonly parts: number }
  /** The step is over, and that is on record. */
  | { readonly type: "ended"; readonly step: StepRef; readonly state: SettledState };
