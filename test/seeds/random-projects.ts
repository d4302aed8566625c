/** Random projects of commands, and a place that runs them in this process: for properties that hold of every project. */
import type { SpawnedJob, Spawner } from "@millrace/runtime";
import fc from "fast-check";
import type { Random } from "../diagnostics/mutation.js";

/** What there is in all: `cpus`, and `memory` in MiB. */
export const TOTALS = { cpus: 4, memory: 1_024 } as const;

/** A task as a source has it. */
export interface RandomTask {
  readonly name: string;
  /** `exit 0`, or the code with which it fails. */
  readonly cmd: string;
  readonly after?: readonly string[];
  readonly input?: readonly string[];
  readonly output: string;
  readonly "after-re"?: string;
  readonly cpus?: number;
  readonly mem?: number;
  readonly retry: number;
}

const drawn = fc.record(
  {
    fails: fc.nat({ max: 9 }),
    after: fc.array(fc.nat(), { maxLength: 3 }),
    input: fc.array(fc.nat(), { maxLength: 2 }),
    cpus: fc.constantFrom(0.5, 1, 2, 3, 4),
    mem: fc.constantFrom(1, 256, 512, 1_000, 1_024),
    retry: fc.nat({ max: 2 }),
    pattern: fc.nat({ max: 9 }),
  },
  { requiredKeys: ["fails", "after", "input", "retry", "pattern"] },
);

/** Up to `most` tasks; each waits for some that come before it, by names, by files or by a pattern. One in ten fails. */
export function randomTasks(most: number): fc.Arbitrary<readonly RandomTask[]> {
  return fc.array(drawn, { minLength: 1, maxLength: most }).map((all) =>
    all.map(({ fails, after, input, pattern, ...more }, i) => {
      const before = (at: readonly number[]) => (i === 0 ? [] : [...new Set(at.map((n) => n % i))]);
      return {
        name: `t${i}`,
        cmd: `exit ${fails === 0 ? 1 : 0}`,
        after: before(after).map((n) => `t${n}`),
        input: before(input).map((n) => `t${n}.out`),
        output: `t${i}.out`,
        ...(pattern === 0 && i > 0 ? { "after-re": `t[0-${Math.min(i - 1, 9)}]` } : {}),
        ...more,
      };
    }),
  );
}

/** Runs commands without a process. They end one at a time, in random order, once nothing more begins. */
export class RandomPlace implements Spawner {
  readonly maxConcurrency = 1_000;
  /** Most that was taken of each resource at once. */
  readonly peaks = { cpus: 0, memory: 0 };
  /** Names in the order in which attempts began. */
  readonly began: string[] = [];
  /** For each attempt, the names of all that ran beside it when it began. */
  readonly beside: (readonly [string, readonly string[]])[] = [];
  readonly #random: Random;
  readonly #running: { readonly job: SpawnedJob; readonly end: (code: number) => void }[] = [];
  #turn: NodeJS.Immediate | undefined;

  constructor(random: Random) {
    this.#random = random;
  }

  spawn(job: SpawnedJob): Promise<number> {
    this.beside.push([job.node, this.#running.map((one) => one.job.node)]);
    this.began.push(job.node);
    return new Promise((end) => {
      this.#running.push({ job, end });
      for (const name of ["cpus", "memory"] as const) {
        const taken = this.#running.reduce((sum, one) => sum + (one.job.command?.resources[name] ?? 0), 0);
        this.peaks[name] = Math.max(this.peaks[name], taken);
      }
      clearImmediate(this.#turn);
      this.#turn = setImmediate(() => this.#endOne());
    });
  }

  #endOne(): void {
    const [one] = this.#running.splice(Math.floor(this.#random() * this.#running.length), 1);
    one?.end(Number(/exit (\d+)/.exec(one.job.command?.command ?? "")?.[1] ?? 0));
    if (this.#running.length > 0) this.#turn = setImmediate(() => this.#endOne());
  }
}
