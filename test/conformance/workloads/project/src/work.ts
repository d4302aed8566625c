/** What the tasks of the workloads do, apart from where they run: threads, this process, a spawner, a handler of a flow spec. */

/** By id of the task; `attempt` counts from 1. */
export const WORK = {
  Seed: ({ n }: { n: number }): number => n,
  Double: ({ of }: { of: number }): number => 2 * of,
  Square: ({ of }: { of: number }): number => of * of,
  Sum: ({ left, right }: { left: number; right: number }): number => left + right,
  Flaky({ of }: { of: number }, attempt: number): number {
    if (attempt < 3) throw new Error(`attempt ${attempt} is too early`);
    return of + 1;
  },
  Item({ i }: { i: number }): number {
    if (i === 2) throw new Error("item 2 is spoilt");
    return 10 * i;
  },
} as const;
