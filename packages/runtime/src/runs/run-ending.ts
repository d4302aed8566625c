/** How a run ends or stops in this process: the first decision wins, its fact is committed, then its outcome is told, once. */
import {
  bytesInMemory,
  type Clock,
  decodeError,
  decodeValue,
  errorSummary,
  type RunEnded,
  type RunId,
  type RunState,
  type StepKey,
  type SuspendReason,
} from "@millrace/core";
import type { RunOutcome } from "../api/run-outcome.js";
import type { Draft } from "../steps/unit.js";
import { latch } from "./latch.js";
import type { RunLedger } from "./run-ledger.js";
import type { BodyEnd } from "./run-scope.js";
import type { RunVoice } from "./run-voice.js";
import type { ThreadUse } from "./thread-use.js";

/** The run that ends. */
export interface EndingRun {
  readonly id: RunId;
  readonly clock: Clock;
  readonly ledger: RunLedger;
  readonly voice: RunVoice;
  /** Stops its body, so that it can be gone on with. */
  freeze(message: string): Promise<void>;
  /** `seq` of the records that it never asked for. */
  orphans(): readonly number[];
  readonly threadUse: ThreadUse;
  /** A decision about the end was taken. */
  decided(): void;
  /** It is over in this process. */
  closed(): void;
}

/** The end of a body, or one that was decided about outside of it. */
export interface RunEnd {
  readonly state: BodyEnd["state"];
  readonly value?: Uint8Array;
  readonly error?: Uint8Array;
  readonly blamed?: readonly StepKey[];
}

/** The end of one run. */
export class RunEnding {
  readonly #run: EndingRun;
  readonly #outcome = latch<RunOutcome>();
  #state: RunState = "running";
  #decided = false;
  #startedAt = 0;

  constructor(run: EndingRun) {
    this.#run = run;
  }

  get state(): RunState {
    return this.#state;
  }

  /** True once somebody has decided. */
  get decided(): boolean {
    return this.#decided;
  }

  get outcome(): Promise<RunOutcome> {
    return this.#outcome.promise;
  }

  /** Durations are counted from here. */
  begin(): void {
    this.#startedAt = this.#run.clock.now();
  }

  /** Takes the decision about the end; false if it has been taken. */
  decide(): boolean {
    if (this.#decided) return false;
    this.#decided = true;
    this.#run.decided();
    return true;
  }

  /** Stops here: another owner can go on. `awaits`: names of the messages that it waits for. */
  async suspend(reason: SuspendReason, message: string, awaits?: readonly string[]): Promise<void> {
    const { ledger, voice } = this.#run;
    await this.#run.freeze(message);
    ledger.append({ kind: "run-suspended", reason, message }, () => {
      voice.tell({ type: "run-suspended", reason, message });
      this.close("suspended", { status: "suspended", reason, message, ...(awaits ? { awaits } : {}) });
    });
  }

  /** Records the end, then tells it. */
  end(end: RunEnd): void {
    const { ledger, voice } = this.#run;
    const draft: Draft = {
      kind: "run-ended",
      state: end.state,
      blamed: end.blamed ?? [],
      orphans: this.#run.orphans(),
      ...(end.value ? { value: bytesInMemory(end.value) } : {}),
      ...(end.error ? { error: bytesInMemory(end.error) } : {}),
    };
    ledger.append(draft, () => {
      const error = end.error ? decodeError(end.error) : undefined;
      for (const advice of this.#run.threadUse.advice()) voice.tell({ type: "warning", ...advice });
      voice.tell({
        type: "run-ended",
        state: end.state,
        totals: voice.totals,
        durationMs: this.#duration(),
        ...(error ? { error: errorSummary(error) } : {}),
      });
      this.#tell(end.state, end.value, error, this.#duration());
    });
  }

  /** Tells the end on record. `durationMs`: from the start to it. */
  recall({ state, value, error }: RunEnded, durationMs: number): void {
    this.#tell(state, value?.read(), error && decodeError(error.read()), durationMs);
  }

  /** Tells the outcome, without a fact. */
  close(state: RunState, outcome: Unfinished<RunOutcome>, durationMs: number = this.#duration()): void {
    if (this.#outcome.open) return;
    const { voice } = this.#run;
    this.#state = state;
    this.#outcome.resolve({ ...outcome, totals: voice.totals, durationMs } as RunOutcome);
    voice.end();
    this.#run.closed();
  }

  #tell(state: RunEnded["state"], value: Uint8Array | undefined, error: Error | undefined, durationMs: number): void {
    const outcome =
      state === "succeeded"
        ? ({ status: state, value: value && decodeValue(value) } as const)
        : ({ status: state, error: error ?? new Error(`Run ${this.#run.id} ended without an error.`) } as const);
    this.close(state, outcome, durationMs);
  }

  #duration(): number {
    // A clock may be set back.
    return Math.max(0, this.#run.clock.now() - this.#startedAt);
  }
}

type Unfinished<O> = O extends RunOutcome ? Omit<O, "totals" | "durationMs"> : never;
