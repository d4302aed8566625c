/** Reads a run as RunView, all at once or a step at a time. */
import type { RunId } from "../identity/brands.js";
import { AttemptsOfSteps, type EndedAttempt } from "./attempts-of-steps.js";
import type { Fact, SettledFact } from "./facts.js";
import type { RunHeader, RunView, StepView } from "./run-view.js";
import { settledStep, withTries } from "./step-views.js";
import { surveyRun } from "./survey-run.js";

/** A run whose steps are read when they are asked for. */
export interface OpenRunView {
  readonly run: RunHeader;
  /** Those of the steps that have no outcome yet. */
  readonly open: readonly StepView[];
  /** The steps of RunView, in its order. Reads the facts again, and leaves out newer ones; more than one is never held. */
  steps(): AsyncIterable<StepView>;
}

/** A step and the record that says so; none if it has no outcome yet. */
export interface RecordedView {
  readonly view: StepView;
  readonly record?: SettledFact;
  /** Its attempts that have ended, the first one first; those of processes that died in them are not among them. */
  readonly attempts: readonly EndedAttempt[];
}

type Settled = Required<Pick<RecordedView, "record" | "attempts">>;

/** All facts of one run, oldest first; may be asked again, when there may be more of them. */
export type ReadFacts = () => AsyncIterable<Fact>;

/**
 * Reads a run of any length: first everything but the steps, then, if they are asked for, one step at a time. Of each step a key
 * and a byte are kept. Bytes that cannot be read are shown as such, never thrown.
 * @throws MillraceError `unknown-run` if there are no facts.
 */
export async function openRunView(id: RunId, read: ReadFacts): Promise<OpenRunView> {
  const { run, open, records } = await openRecords(id, read);
  const steps = async function* (): AsyncGenerator<StepView> {
    for await (const { view, attempts } of records()) yield withTries(view, attempts);
  };
  return { run, open, steps };
}

/** The steps of a run with their records, in the order of RunView. @throws MillraceError `unknown-run` if there are no facts. */
export async function* recordedSteps(id: RunId, read: ReadFacts): AsyncGenerator<RecordedView> {
  const { records } = await openRecords(id, read);
  yield* records();
}

async function openRecords(
  id: RunId,
  read: ReadFacts,
): Promise<Omit<OpenRunView, "steps"> & { records(): AsyncGenerator<RecordedView> }> {
  const { run, open, standing, resumedAt } = await surveyRun(id, read());
  const records = async function* (): AsyncGenerator<RecordedView> {
    /** What takes its place further on, by where it stands. */
    const carried = new Map<number, Settled>();
    const tried = new AttemptsOfSteps();
    for await (const fact of read()) {
      tried.see(fact);
      const settled =
        fact.kind === "step-settled" || fact.kind === "activation-settled"
          ? { record: fact, attempts: tried.settled(fact) }
          : fact.kind === "record-moved"
            ? carried.get(fact.record)
            : undefined;
      if (!settled) continue;
      if (fact.kind === "record-moved") carried.delete(fact.record);
      if (standing.moves(fact.seq)) carried.set(fact.seq, settled);
      // Both kinds say where the record stands.
      const { key, node } = fact as SettledFact;
      if (standing.has(fact.seq, key) && !isItem(settled.record))
        yield { view: settledStep(settled.record, { key, node }, resumedAt), ...settled };
    }
    for (const view of open) yield { view, attempts: tried.open(view.key) };
  };
  return { run, open, records };
}

/** Reads all of a run at once. @throws MillraceError `unknown-run` if there are no facts. */
export async function foldRun(id: RunId, read: ReadFacts): Promise<RunView> {
  const view = await openRunView(id, read);
  const steps: StepView[] = [];
  for await (const step of view.steps()) steps.push(step);
  return { run: view.run, steps };
}

/** Whole map items are no steps. */
function isItem(fact: SettledFact): boolean {
  return fact.kind === "activation-settled" && fact.activation === "item";
}
