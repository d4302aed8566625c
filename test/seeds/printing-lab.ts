/** What examples of ancestors share: seconds that a clock of the test moves, and lines that are kept instead of printed. */
import { ManualClock } from "@millrace/testing";

/** A clock, its sleeps, and what was printed. */
export interface PrintingLab {
  readonly clock: ManualClock;
  /** Lines, in order. */
  readonly printed: string[];
  print(line: string): void;
  /** Ends early, without an error, if the signal is aborted. */
  sleep(seconds: number, signal?: AbortSignal): Promise<void>;
  /** Moves the clock from one timer to the next until something has settled. */
  drive<T>(run: Promise<T>): Promise<T>;
}

/** Makes a lab of its own for a test. */
export function printingLab(): PrintingLab {
  const clock = new ManualClock();
  const printed: string[] = [];
  return {
    clock,
    printed,
    print: (line) => void printed.push(line),
    sleep: (seconds, signal) =>
      new Promise((resolve) => {
        clock.after(seconds * 1_000, resolve);
        signal?.addEventListener("abort", () => resolve(), { once: true });
      }),
    async drive(run) {
      let over = false;
      const end = (): void => {
        over = true;
      };
      run.then(end, end);
      while (!over) {
        for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
        if (!over && clock.timers.length > 0) clock.advanceToNext();
      }
      return run;
    },
  };
}
