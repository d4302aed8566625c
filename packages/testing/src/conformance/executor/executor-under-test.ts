/** What the parts of the executor's suite share: the executor of the running test with one lane, and reasons to stop. */
import type { AbortReason, Executor } from "@millrace/core";
import { LaneRecorder } from "./lane-recorder.js";

/** Counts as failure. */
export const TIMEOUT: AbortReason = { kind: "timeout", message: "Its time was up." };
/** Counts as abort. */
export const CANCEL: AbortReason = { kind: "cancel", message: "Cancelled by hand." };

/** One executor for each test. */
export class ExecutorUnderTest {
  readonly #open: () => Executor;
  #current: { readonly executor: Executor; readonly recorder: LaneRecorder } | undefined;

  constructor(open: () => Executor) {
    this.#open = open;
  }

  /** A fresh executor with a lane, for the test that begins. */
  open(): void {
    const executor = this.#open();
    this.#current = { executor, recorder: new LaneRecorder(executor) };
  }

  /** The executor of the running test. */
  get executor(): Executor {
    return this.#opened.executor;
  }

  /** Its lane. */
  get recorder(): LaneRecorder {
    return this.#opened.recorder;
  }

  get #opened(): { readonly executor: Executor; readonly recorder: LaneRecorder } {
    if (!this.#current) throw new Error("the executor is used outside a test");
    return this.#current;
  }
}
