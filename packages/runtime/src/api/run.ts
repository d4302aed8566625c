/** `Run`: one run, as whoever started it has it. */
import type { RunEvent, RunId, RunState, StepRef, StepTotals } from "@millrace/core";
import type { Callable, ClassOf, SharedKey, SharedPair, SharedValue } from "@millrace/sdk";
import type { RecordedStep } from "./recorded-step.js";
import type { RunOutcome } from "./run-outcome.js";
import type { StreamPart } from "./stream-part.js";

/** The breakpoints of a run, and what they hold. */
export interface RunBreakpoints {
  /** In the order in which they were set. */
  readonly selectors: readonly string[];
  /** Every step that begins is held. */
  readonly stepping: boolean;
  /** The longest held first. */
  readonly held: readonly StepRef[];
}

/** The shared state of a run, as it is committed now. It stays readable when the run is over. */
export interface SharedView {
  /** The value of a key, undefined if there is none. */
  get<K extends SharedKey>(key: K): Promise<SharedValue<K> | undefined>;
  /** All keys with their values, sorted by key. */
  entries(): Promise<SharedPair[]>;
}

/** A run in this process. */
export interface Run<R = unknown> {
  readonly id: RunId;
  /** Flow id. */
  readonly flow: string;
  /** Where it stands now. */
  readonly state: RunState;
  /** Counts of the settled steps so far. */
  readonly totals: StepTotals;
  /** What its steps share. */
  readonly shared: SharedView;
  /** The flow's result. Rejects with the flow's error, or a MillraceError `run-aborted` or `run-suspended`. */
  result(): Promise<R>;
  /** How the run ended or stopped; never rejects for the flow's sake. */
  outcome(): Promise<RunOutcome<R>>;
  /** What happens from now on (asked for right after `start`: everything); ends with the run. At most 10,000 unread events are kept, moments go first. */
  events(): AsyncIterable<RunEvent>;
  /**
   * The steps that are on record now, in the order of their records: tasks, sub-flows, graphs, local steps. Results are decoded
   * one by one. It stays readable when the run is over. @throws MillraceError `unknown-run` before its first fact is written.
   */
  steps(): AsyncIterable<RecordedStep>;
  /**
   * What steps emit from now on (asked for right after `start`: everything), with the attempts that it comes from. Names them by
   * the class or id of their task, by node, or one of them by its key; ends with the run, or with the step of the key. At most 1,000
   * unread parts, of 16 MiB in all, are kept, the oldest go. A reader that stops early leaves nothing behind.
   */
  stream(step: ClassOf<Callable> | string): AsyncIterable<StreamPart>;
  /**
   * Sends it a message, for a `waitFor` of that name; resolves when it is on record. @throws MillraceError `run-over`,
   * `value-not-sendable`.
   */
  send(name: string, data?: unknown): Promise<void>;
  /** What is to be held, and what is. */
  readonly breakpoints: RunBreakpoints;
  /**
   * Holds steps before they begin: a task, flow, node, label or key, `*` for any text, or `/a regular expression/`. Everything else goes
   * on. Kept on record, for every later owner of the run. @throws MillraceError `usage`, `run-over`.
   */
  break(selector: string): Promise<void>;
  /** Takes one breakpoint away, or all: what nothing holds any more goes on. @throws MillraceError `run-over`. */
  unbreak(selector?: string): Promise<void>;
  /**
   * What is held goes on. `step`: only the longest held does, and every step that begins from then on is held, until the next
   * `continue` without it. @throws MillraceError `run-over`.
   */
  continue(options?: { readonly step?: boolean }): Promise<void>;
  /** Asks the run to end as aborted; resolves when it has ended. */
  cancel(reason?: string): Promise<void>;
}
