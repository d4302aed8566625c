/** Goes on with runs that nobody drives, for as long as an engine is there to do it. */
import { goesOnByItself, isMillraceError, type RunId, type RunSummary } from "@millrace/core";
import type { Engine } from "@millrace/runtime";

/** What whoever keeps runs is told. */
export interface RunsKept {
  resumed(run: RunSummary): void;
  /** It cannot be gone on with here; told once of a run. */
  left(run: RunSummary, error: Error): void;
}

/** How often the store is asked, ms. */
const EVERY_MS = 2_000;

/**
 * Goes on with what was cut off or waits, then with what other processes leave behind: runs whose owner died, and those that wait. Runs that somebody
 * interrupts later are left to whoever did. @returns what ends it; what it has resumed goes on.
 */
export function keepRuns(engine: Engine, tell: RunsKept): () => void {
  const given = new Set<RunId>();
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  const pass = async (isMeant: (run: RunSummary) => boolean): Promise<void> => {
    for (const run of await engine.runs()) {
      if (stopped) return;
      if (run.owner === undefined && goesOnByItself(run) && isMeant(run) && !given.has(run.id)) await goOn(run);
    }
  };
  const goOn = async (run: RunSummary): Promise<void> => {
    try {
      await engine.resume(run.id);
      tell.resumed(run);
    } catch (error) {
      if (stopped || isTaken(error)) return;
      given.add(run.id);
      tell.left(run, error as Error);
    }
  };
  const again = (isMeant: (run: RunSummary) => boolean): void => {
    // A store that cannot be read for once can be the next time; if it stays so, the runs of the engine tell.
    void pass(isMeant)
      .catch(() => undefined)
      .then(() => {
        if (!stopped) timer = setTimeout(again, EVERY_MS, ({ reason }: RunSummary) => reason !== "interrupt");
      });
  };
  again(() => true);
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}

/** Somebody else has taken it up, ended or deleted it meanwhile. */
function isTaken(error: unknown): boolean {
  return isMillraceError(error) && ["run-owned", "run-not-resumable", "unknown-run"].includes(error.code);
}
