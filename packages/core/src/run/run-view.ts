/**
 * RunView: a run as people and scripts see it, folded from its facts. Pure; also the document of `flow show --json`.
 * The fold cannot know whether a `running` run still has an owner: whoever asks the store adds that.
 */
import type { BuildHash, RunId, StepKey } from "../identity/brands.js";
import { type Json, jsonImage } from "../json-shapes/json-image.js";
import type { StepSource, StepState } from "../step/step-state.js";
import { decodeValue } from "../values/decode.js";
import { Breakpoints } from "./breakpoints.js";
import { errorSummary } from "./error-summary.js";
import type { ErrorSummary, StepTotals } from "./events.js";
import type {
  ActivationSettled,
  AttemptFailed,
  Fact,
  StepHeld,
  StepSettled,
  StoredBytes,
  SuspendReason,
} from "./facts.js";
import type { OwnerInfo, RunState } from "./run-state.js";
import { unknownRun } from "./unknown-run.js";

/** One run. Times are ms since 1970. */
export interface RunView {
  readonly run: RunHeader;
  /** In order of their records; those without one, which are waiting for another attempt or held, last. */
  readonly steps: readonly StepView[];
}

/** The run as a whole. */
export interface RunHeader {
  readonly id: RunId;
  /** Flow id. */
  readonly flow: string;
  /** Build that ran it last. */
  readonly build: BuildHash;
  readonly state: RunState;
  /** Why it is suspended. */
  readonly reason?: SuspendReason;
  /** What it waits for, or where it diverged; only if suspended. */
  readonly message?: string;
  readonly startedAt: number;
  /** Time of the newest fact. */
  readonly updatedAt: number;
  /** Only once it is over. */
  readonly endedAt?: number;
  /** How often another owner went on with it. */
  readonly resumes: number;
  /** Image of the flow's parameters. */
  readonly params: Json;
  /** Image of the flow's result; only if it succeeded. */
  readonly result?: Json;
  /** Only if it failed or was aborted. */
  readonly error?: ErrorSummary;
  /** Counts of the settled steps below. */
  readonly totals: StepTotals;
  /** Records that the body never asked for; they are not among the steps. */
  readonly orphans: number;
  /** Only if there are any, or if it is gone through step by step. */
  readonly breakpoints?: { readonly selectors: readonly string[]; readonly stepping: boolean };
  /** Who runs it now; the fold leaves it out. */
  readonly owner?: OwnerInfo;
}

/** One step: a task, a sub-flow or a local step. Whole map items are no steps. */
export interface StepView {
  readonly key: StepKey;
  /** Node id. */
  readonly node: string;
  /** Task id, flow id of a sub-flow, or name of a local step. */
  readonly task: string;
  /** `backing-off` or `pending` if no outcome is recorded yet. */
  readonly state: StepState;
  /** Where the outcome came from, seen from the newest resume; null while there is none. */
  readonly source: StepSource | null;
  /** The breakpoint that holds it before it begins; an empty text where the run is gone through step by step. */
  readonly held?: string;
  /** Attempts begun. */
  readonly attempts: number;
  /** Null if it never ran. */
  readonly startedAt: number | null;
  /** Null while it is not settled. */
  readonly endedAt: number | null;
  /** Image of the parameters; null where none are recorded. */
  readonly params: Json;
  /** Why it failed or was aborted, or why its latest attempt failed. */
  readonly error?: ErrorSummary;
}

interface SettledRecord {
  readonly fact: StepSettled | ActivationSettled;
  /** Where it stands now: its own, or that of the newest move. */
  readonly seq: number;
  readonly key: StepKey;
  readonly node: string;
}

/**
 * Folds the facts of one run, oldest first. Bytes that cannot be read are shown as such, never thrown.
 * @throws MillraceError `unknown-run` if there are no facts.
 */
export async function foldRun(id: RunId, facts: AsyncIterable<Fact>): Promise<RunView> {
  const records = new Map<number, SettledRecord>();
  const byKey = new Map<StepKey, SettledRecord>();
  const failures = new Map<StepKey, AttemptFailed>();
  const breakpoints = new Breakpoints();
  let header: RunHeader | undefined;
  let resumedAt = 0;

  const hold = (record: SettledRecord): void => {
    records.set(record.seq, record);
    byKey.set(record.key, record);
  };
  const forget = (seq: number): void => {
    const record = records.get(seq);
    // Two records may swap their keys: an entry goes only while it is still this record's.
    if (record && byKey.get(record.key) === record) byKey.delete(record.key);
    records.delete(seq);
  };

  for await (const fact of facts) {
    header = foldHeader(id, header, fact);
    breakpoints.see(fact);
    switch (fact.kind) {
      case "run-resumed":
        resumedAt = fact.seq;
        for (const seq of fact.dropped) forget(seq);
        break;
      case "run-ended":
        for (const seq of fact.orphans) forget(seq);
        break;
      case "attempt-failed":
        failures.set(fact.key, fact);
        break;
      case "step-settled":
      case "activation-settled": {
        failures.delete(fact.key);
        hold({ fact, seq: fact.seq, key: fact.key, node: fact.node });
        break;
      }
      case "record-moved": {
        const record = records.get(fact.record);
        if (!record) break;
        forget(fact.record);
        hold({ fact: record.fact, seq: fact.seq, key: fact.key, node: fact.node });
        break;
      }
      default:
        break;
    }
  }

  if (!header) throw unknownRun(id);
  const settled = [...byKey.values()]
    .filter(({ fact }) => fact.kind === "step-settled" || fact.activation !== "item")
    .sort((a, b) => a.seq - b.seq)
    .map((record) => settledStep(record, resumedAt));
  const { state } = header;
  const { selectors, stepping } = breakpoints;
  const held = breakpoints.held.map(heldStep);
  for (const { key } of held) failures.delete(key);
  const waiting = [...failures.values()].map((failure) => waitingStep(failure, state));
  return {
    run: {
      ...header,
      totals: countSteps(settled),
      ...(selectors.length > 0 || stepping ? { breakpoints: { selectors, stepping } } : {}),
    },
    steps: [...settled, ...waiting, ...held],
  };
}

const NO_STEPS: StepTotals = { total: 0, succeeded: 0, failed: 0, skipped: 0, aborted: 0, restored: 0, cached: 0 };

function foldHeader(id: RunId, header: RunHeader | undefined, fact: Fact): RunHeader | undefined {
  if (fact.kind === "run-started") {
    return {
      id,
      flow: fact.flow,
      build: fact.build,
      state: "running",
      startedAt: fact.at,
      updatedAt: fact.at,
      resumes: 0,
      params: bytesImage(fact.params),
      totals: NO_STEPS,
      orphans: 0,
    };
  }
  if (!header) return undefined;
  if (fact.kind === "run-resumed") {
    const { reason: _reason, message: _message, endedAt: _endedAt, result: _result, error: _error, ...rest } = header;
    return { ...rest, state: "running", build: fact.build, resumes: rest.resumes + 1, orphans: 0, updatedAt: fact.at };
  }
  if (fact.kind === "run-suspended") {
    return { ...header, state: "suspended", reason: fact.reason, message: fact.message, updatedAt: fact.at };
  }
  if (fact.kind === "run-ended") {
    return {
      ...header,
      state: fact.state,
      endedAt: fact.at,
      updatedAt: fact.at,
      orphans: fact.orphans.length,
      ...(fact.value ? { result: bytesImage(fact.value) } : {}),
      ...(fact.error ? { error: bytesError(fact.error) } : {}),
    };
  }
  return { ...header, updatedAt: fact.at };
}

function settledStep({ fact, key, node }: SettledRecord, resumedAt: number): StepView {
  return {
    key,
    node,
    task: fact.task,
    state: fact.state,
    source: fact.seq < resumedAt ? "restored" : fact.source,
    attempts: fact.attempts,
    startedAt: fact.startedAt ?? null,
    endedAt: fact.endedAt,
    params: fact.params ? bytesImage(fact.params) : null,
    ...(fact.error ? { error: bytesError(fact.error) } : {}),
  };
}

function waitingStep(failure: AttemptFailed, run: RunState): StepView {
  return {
    key: failure.key,
    node: failure.node,
    task: failure.task,
    state: run === "running" ? "backing-off" : "pending",
    source: null,
    attempts: failure.attempt,
    startedAt: failure.startedAt,
    endedAt: null,
    params: null,
    error: bytesError(failure.error),
  };
}

function heldStep({ key, node, task, selector = "" }: StepHeld): StepView {
  return {
    key,
    node,
    task,
    state: "pending",
    source: null,
    held: selector,
    attempts: 0,
    startedAt: null,
    endedAt: null,
    params: null,
  };
}

function countSteps(steps: readonly StepView[]): StepTotals {
  const count = (test: (step: StepView) => boolean): number => steps.filter(test).length;
  return {
    total: steps.length,
    succeeded: count((s) => s.state === "succeeded"),
    failed: count((s) => s.state === "failed"),
    skipped: count((s) => s.state === "skipped"),
    aborted: count((s) => s.state === "aborted"),
    restored: count((s) => s.source === "restored"),
    cached: count((s) => s.source === "cached"),
  };
}

function bytesImage(stored: StoredBytes): Json {
  try {
    return jsonImage(decodeValue(stored.read()));
  } catch (error) {
    return `<unreadable: ${errorSummary(error).message}>`;
  }
}

function bytesError(stored: StoredBytes): ErrorSummary {
  try {
    return errorSummary(decodeValue(stored.read()));
  } catch (error) {
    return { name: "Error", message: `<unreadable: ${errorSummary(error).message}>` };
  }
}
