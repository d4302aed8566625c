/** Where a step's time goes: in the queue, at work, between attempts. Told of every change by its step. */
import { formatDuration, MillraceError, type StepState } from "@millrace/core";
import type { TaskStepSpec } from "./task-step-spec.js";

type Part = "queuedMs" | "runningMs" | "pausedMs";

const PARTS: Readonly<Partial<Record<StepState, Part>>> = {
  ready: "queuedMs",
  running: "runningMs",
  "backing-off": "pausedMs",
};

/** Time spent so far, ms. */
export interface SpentTime {
  readonly queuedMs: number;
  readonly runningMs: number;
  /** Between attempts. */
  readonly pausedMs: number;
  /** In earlier lives of the run. */
  readonly earlierMs: number;
}

/** The clock of one step. */
export class StepTime {
  readonly #spent: { -readonly [P in keyof SpentTime]: SpentTime[P] };
  #part: Part | undefined;
  #since = 0;

  /** @param earlierMs What earlier lives of the run have spent on the step. */
  constructor(earlierMs: number) {
    this.#spent = { queuedMs: 0, runningMs: 0, pausedMs: 0, earlierMs };
  }

  /** The step is in this state from now on. */
  enter(state: StepState, now: number): void {
    this.#count(now);
    this.#part = PARTS[state];
  }

  /** Time spent up to now. */
  spent(now: number): SpentTime {
    this.#count(now);
    return { ...this.#spent };
  }

  /** All of it, ms. */
  total(now: number): number {
    const { queuedMs, runningMs, pausedMs, earlierMs } = this.spent(now);
    return queuedMs + runningMs + pausedMs + earlierMs;
  }

  #count(now: number): void {
    if (this.#part !== undefined) this.#spent[this.#part] += Math.max(0, now - this.#since);
    this.#since = now;
  }
}

/** `2.0 s in the queue, 3.0 s running, 5.0 s between attempts`; parts of no time are left out. */
export function spentText({ queuedMs, runningMs, pausedMs, earlierMs }: SpentTime): string {
  const parts = [
    [earlierMs, "before the run was resumed"],
    [queuedMs, "in the queue"],
    [runningMs, "running"],
    [pausedMs, "between attempts"],
  ] as const;
  const shown = parts.filter(([ms]) => ms > 0).map(([ms, words]) => `${formatDuration(ms)} ${words}`);
  return shown.length === 0 ? "no time at all" : shown.join(", ");
}

/** The error of a step whose time in all is up. */
export function overdueError(
  { place, work }: TaskStepSpec,
  limitMs: number,
  attempt: number,
  spent: SpentTime,
): MillraceError {
  return new MillraceError(
    "step-timeout",
    `${place.node} took longer in all than its totalTimeout of ${formatDuration(limitMs)}: ${spentText(spent)}.`,
    {
      hint: 'Raise the option "totalTimeout", or shorten what took the time: the queue, the attempts, or the pauses between them.',
      data: { step: place.key, task: work.task, attempt, limitMs, ...spent },
    },
  );
}
