/** What tests of schedulers share: functions that begin when the scheduler says so and end when the test does. */
import type { JobContext } from "@millrace/jobs";

/** A function that is running. */
export interface HeldCall {
  readonly name: string;
  readonly signal: AbortSignal;
  finish(value?: unknown): void;
  fail(error: Error): void;
}

/** Makes functions for jobs, and hands out their calls in the order in which they begin. */
export class Held {
  /** Names, in the order of their beginning. */
  readonly begun: string[] = [];
  readonly #calls: HeldCall[] = [];
  #tell: (() => void) | undefined;

  /** A function that begins and waits for the test. */
  job(name: string): <R = unknown>(context: Pick<JobContext, "signal">) => Promise<R> {
    return ({ signal }) =>
      new Promise((resolve, reject) => {
        this.begun.push(name);
        // The test gives what the type says, or nothing that is looked at.
        this.#calls.push({ name, signal, finish: (value) => resolve(value as never), fail: reject });
        this.#tell?.();
      });
  }

  /** The next call that begins. */
  async next(): Promise<HeldCall> {
    for (;;) {
      const call = this.#calls.shift();
      if (call) return call;
      await new Promise<void>((resolve) => {
        this.#tell = resolve;
      });
    }
  }

  /** Several of them, by name. */
  async take(...names: readonly string[]): Promise<Readonly<Record<string, HeldCall>>> {
    const taken: Record<string, HeldCall> = {};
    for (const _ of names) {
      const call = await this.next();
      taken[call.name] = call;
    }
    const missing = names.filter((name) => !taken[name]);
    if (missing.length > 0) throw new Error(`Begun were ${Object.keys(taken).join(", ")}, not ${missing.join(", ")}.`);
    return taken;
  }
}
