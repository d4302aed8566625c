/** How long tasks have taken in this thread: decides whether a claim is worth a message of its own. */

/** Share of the newest duration in the moving average. */
const WEIGHT = 0.25;
/** Tasks under this average are done before a message about their start would be read, ms. */
const SHORT_MS = 1;

const averages = new Map<string, number>();

/** Records one attempt. */
export function noteDuration(task: string, ms: number): void {
  const average = averages.get(task);
  averages.set(task, average === undefined ? ms : average + (ms - average) * WEIGHT);
}

/** True for a task that has been short here; false for one that has been long or never seen. */
export function isKnownShort(task: string): boolean {
  const average = averages.get(task);
  return average !== undefined && average < SHORT_MS;
}
