/** Reads what the report of a run tells. However long the run, only the steps that are shown are held whole. */
import {
  bytesError,
  criticalPath,
  type EndedAttempt,
  type LogLine,
  openRunView,
  type ReadFacts,
  type RunId,
  recordedSteps,
  type StepKey,
  type StepView,
} from "@millrace/core";
import type { ReportData, ReportedAttempt, ReportedPath, ReportedStep, Said } from "./report-data.js";
import { timeScale } from "./time-scale.js";

/** So many steps are shown, and so many lines of each. */
const MOST = { steps: 400, lines: 100 };

/** What is known of every step. */
type Outline = Pick<StepView, "key" | "state" | "startedAt" | "endedAt">;

/** @throws MillraceError `unknown-run` if there are no facts. */
export async function collectReport(id: RunId, read: ReadFacts, logs: Iterable<LogLine>): Promise<ReportData> {
  const { run, steps } = await openRunView(id, read);
  const outlines: Outline[] = [];
  for await (const { key, state, startedAt, endedAt } of steps()) outlines.push({ key, state, startedAt, endedAt });
  const path = pathOf(outlines);
  const shown = choose(outlines, path.keys);
  const speakers = new Speakers(shown);
  for (const line of logs) speakers.hear(line);
  const reported: ReportedStep[] = [];
  for await (const { view, attempts } of recordedSteps(id, read)) {
    if (shown.has(view.key))
      reported.push({ view, attempts: attempts.map(toldAttempt), said: speakers.said(view.key) });
  }
  const begin = ({ view }: ReportedStep): number => view.startedAt ?? view.endedAt ?? Number.POSITIVE_INFINITY;
  return {
    run,
    steps: reported.sort((a, b) => begin(a) - begin(b)),
    left: outlines.length - reported.length,
    path,
    scale: timeScale({ from: run.startedAt, to: run.updatedAt }, outlines),
    said: speakers.said(undefined),
  };
}

function pathOf(outlines: readonly Outline[]): ReportedPath {
  const keys = new Set(criticalPath(outlines));
  const tookMs = outlines.reduce((sum, step) => sum + (keys.has(step.key) ? tookOf(step) : 0), 0);
  return { keys, tookMs };
}

/** Of many steps those that need a look: what did not succeed, then the critical path, then what took longest. */
function choose(outlines: readonly Outline[], path: ReadonlySet<StepKey>): ReadonlySet<StepKey> {
  const rank = ({ key, state }: Outline): number => (state !== "succeeded" ? 0 : path.has(key) ? 1 : 2);
  const first = outlines.toSorted((a, b) => rank(a) - rank(b) || tookOf(b) - tookOf(a));
  return new Set(first.slice(0, MOST.steps).map(({ key }) => key));
}

function tookOf({ startedAt, endedAt }: Outline): number {
  return startedAt === null || endedAt === null ? 0 : endedAt - startedAt;
}

function toldAttempt({ error, ...attempt }: EndedAttempt): ReportedAttempt {
  return error ? { ...attempt, error: bytesError(error) } : attempt;
}

/** Who said what, as far as it is shown. */
class Speakers {
  readonly #steps: ReadonlySet<StepKey>;
  readonly #lines = new Map<StepKey | undefined, LogLine[]>();
  readonly #left = new Map<StepKey | undefined, number>();

  constructor(steps: ReadonlySet<StepKey>) {
    this.#steps = steps;
  }

  hear(line: LogLine): void {
    const { key } = line;
    // What became of a step is told beside it.
    if (key !== undefined && (line.event !== undefined || !this.#steps.has(key))) return;
    const lines = this.#lines.get(key) ?? [];
    lines.push(line);
    if (lines.length > MOST.lines) {
      lines.shift();
      this.#left.set(key, (this.#left.get(key) ?? 0) + 1);
    }
    this.#lines.set(key, lines);
  }

  said(key: StepKey | undefined): Said {
    return { lines: this.#lines.get(key) ?? [], left: this.#left.get(key) ?? 0 };
  }
}
