/** How long attempts of each task are expected to take, learnt from those that have ended. */

/** Rises at once and falls slowly: one long attempt is reason enough to stop queueing behind its task. */
export class ExpectedDurations {
  readonly #byTask = new Map<string, number>();

  /** For one attempt, ms; undefined for a task that has never run. */
  expected(task: string): number | undefined {
    return this.#byTask.get(task);
  }

  /** An attempt took so many ms. */
  learn(task: string, ms: number): void {
    const before = this.#byTask.get(task);
    const measured = Math.max(ms, 0.005);
    this.#byTask.set(task, before === undefined || measured > before ? measured : before * 0.8 + measured * 0.2);
  }
}
