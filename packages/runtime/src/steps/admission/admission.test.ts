/** Admission against an oracle that tries everything: random steps, random demands, time by hand. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Admission, OVERTAKEN } from "./admission.js";
import type { Ticket } from "./group.js";
import type { EngineLimits, StepLimits, TokenNeed } from "./limits.js";

const ENGINE: EngineLimits = { pools: { db: 2 }, resources: { cpus: 4, gpu: 1 } };
const TOTALS: Readonly<Record<string, number>> = { "pool db": 2, "resource cpus": 4, "resource gpu": 1 };

interface Work {
  readonly arrives: number;
  readonly takes: number;
  /** It is taken back before its start after so long. */
  readonly patience: number;
  readonly limits: StepLimits | undefined;
}

const need = (kind: TokenNeed["kind"], name: string, amount: number): TokenNeed => ({ kind, name, amount });
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(arbitrary, { maxLength: 1 });

const limits: fc.Arbitrary<StepLimits | undefined> = fc.option(
  fc.record({
    priority: fc.integer({ min: -1, max: 1 }),
    needs: fc
      .tuple(
        maybe(fc.integer({ min: 1, max: 4 }).map((n) => need("resource", "cpus", n))),
        maybe(fc.constant(need("resource", "gpu", 1))),
        maybe(fc.constant(need("pool", "db", 1))),
        maybe(fc.constantFrom("a", "b").map((key) => need("key", key, 1))),
      )
      .map((lists) => lists.flat()),
    rate: fc.option(
      fc.record({
        name: fc.constantFrom("r", "s"),
        limit: fc.integer({ min: 1, max: 3 }),
        perMs: fc.integer({ min: 1, max: 30 }),
      }),
      { nil: undefined },
    ),
  }),
  { nil: undefined },
);

const works = (maxLength: number): fc.Arbitrary<Work[]> =>
  fc.array(
    fc.record({
      arrives: fc.integer({ min: 0, max: 40 }),
      takes: fc.integer({ min: 1, max: 20 }),
      patience: fc.oneof({ weight: 5, arbitrary: fc.constant(10_000) }, fc.integer({ min: 0, max: 30 })),
      limits,
    }),
    { minLength: 1, maxLength, size: "max" },
  );

interface Placed {
  readonly work: Work;
  readonly order: number;
  ticket: Ticket<Placed>;
  state: "waiting" | "running" | "over" | "gone";
  endsAt: number;
}

/** A world with so many lanes; `watch` sees each decision. */
class World {
  readonly admission = new Admission<Placed>(ENGINE);
  readonly placed: Placed[] = [];
  readonly starts: { readonly at: number; readonly rate: NonNullable<StepLimits["rate"]> }[] = [];
  now = 0;

  constructor(readonly lanes: number) {}

  held(token: string): number {
    return this.in("running")
      .flatMap(({ work }) => work.limits?.needs ?? [])
      .filter(({ kind, name }) => `${kind} ${name}` === token)
      .reduce((sum, { amount }) => sum + amount, 0);
  }

  in(state: Placed["state"]): Placed[] {
    return this.placed.filter((one) => one.state === state);
  }

  rateAllows({ name, limit, perMs }: NonNullable<StepLimits["rate"]>): boolean {
    return this.starts.filter(({ at, rate }) => rate.name === name && at > this.now - perMs).length < limit;
  }

  mayStart({ work }: Placed): boolean {
    const tokens = (work.limits?.needs ?? []).every(({ kind, name, amount }) => {
      const token = `${kind} ${name}`;
      return this.held(token) + amount <= (TOTALS[token] ?? 1);
    });
    return tokens && (!work.limits?.rate || this.rateAllows(work.limits.rate));
  }

  /** Those that may start, the one that must be first first. */
  startable(): Placed[] {
    const priority = (one: Placed): number => one.work.limits?.priority ?? 0;
    return this.in("waiting")
      .filter((one) => this.mayStart(one))
      .sort((a, b) => priority(b) - priority(a) || a.order - b.order);
  }

  run(list: readonly Work[], exact: boolean): void {
    const queue = [...list].sort((a, b) => a.arrives - b.arrives);
    for (;;) {
      for (const one of this.in("running")) {
        if (one.endsAt > this.now) continue;
        one.state = "over";
        this.admission.release(one.ticket);
      }
      for (const one of this.in("waiting")) {
        if (one.work.arrives + one.work.patience > this.now) continue;
        one.state = "gone";
        this.admission.remove(one.ticket);
      }
      while (queue[0] && queue[0].arrives <= this.now) this.#arrive(queue.shift() as Work);
      while (this.in("running").length < this.lanes && this.#startNext(exact));
      expect(this.admission.waiting).toBe(this.in("waiting").length);
      const times = [
        queue[0]?.arrives,
        this.admission.opensAt,
        ...this.in("running").map(({ endsAt }) => endsAt),
        ...this.in("waiting").map(({ work }) => (work.patience < 10_000 ? work.arrives + work.patience : undefined)),
      ].filter((at) => at !== undefined && at > this.now) as number[];
      if (times.length === 0) break;
      this.now = Math.min(...times);
    }
    expect(this.in("waiting"), "left waiting for ever").toEqual([]);
  }

  #arrive(work: Work): void {
    const one: Placed = { work, order: this.placed.length, state: "waiting", endsAt: 0, ticket: undefined as never };
    one.ticket = this.admission.add(one, work.limits);
    this.placed.push(one);
  }

  #startNext(exact: boolean): boolean {
    const ticket = this.admission.peek(this.now);
    if (exact) expect(ticket?.item.order).toBe(this.startable()[0]?.order);
    if (!ticket) return false;
    const one = ticket.item;
    expect(one.state).toBe("waiting");
    expect(this.mayStart(one), "over a limit").toBe(true);
    this.admission.take(ticket, this.now);
    if (one.work.limits?.rate) this.starts.push({ at: this.now, rate: one.work.limits.rate });
    one.state = "running";
    one.endsAt = this.now + one.work.takes;
    return true;
  }
}

const RUNS = { numRuns: 400, seed: 7 };

describe("admission", () => {
  it("always starts the first that may, never one over a limit, and in the end all", () => {
    fc.assert(
      fc.property(works(OVERTAKEN), fc.integer({ min: 1, max: 6 }), (list, lanes) => new World(lanes).run(list, true)),
      RUNS,
    );
  });

  it("starts all of many, limits kept, also when some are served before their turn", () => {
    fc.assert(
      fc.property(works(300), fc.integer({ min: 1, max: 6 }), (list, lanes) => new World(lanes).run(list, false)),
      { numRuns: 60, seed: 11 },
    );
  });

  it("is passed by a bounded number of small ones when it needs much", () => {
    const admission = new Admission<string>(ENGINE);
    const small = { priority: 0, needs: [need("resource", "cpus", 1)], rate: undefined };
    const running: Ticket<string>[] = [];
    const start = (): string | undefined => {
      const ticket = admission.peek(0);
      if (!ticket) return undefined;
      admission.take(ticket, 0);
      running.push(ticket);
      return ticket.item;
    };
    for (let n = 0; n < 4; n++) admission.add("small", small);
    while (start());
    admission.add("big", { ...small, needs: [need("resource", "cpus", 4)] });
    let passed = 0;
    for (; passed < 1_000; passed++) {
      admission.add("small", small);
      admission.release(running.shift() as Ticket<string>);
      const started = start();
      if (started === "big") break;
      while (start());
      if (running.length === 0) break;
    }
    expect(running.map(({ item }) => item)).toContain("big");
    expect(passed).toBeGreaterThan(4);
    expect(passed).toBeLessThan(2 * OVERTAKEN);
  });

  it.each([false, true])(
    "is not kept waiting by turns at two gates (taken back while it is served: %s)",
    (takenBack) => {
      const admission = new Admission<string>(ENGINE);
      const of = (...needs: TokenNeed[]): StepLimits => ({ priority: 0, needs, rate: undefined });
      const [cpu, gpu] = [need("resource", "cpus", 4), need("resource", "gpu", 1)];
      const take = (): Ticket<string> | undefined => {
        const ticket = admission.peek(0);
        if (ticket) admission.take(ticket, 0);
        return ticket;
      };
      admission.add("cpu", of(cpu));
      admission.add("gpu", of(gpu));
      let turns: (Ticket<string> | undefined)[] = [take(), take()];
      const both = admission.add("both", of(cpu, gpu));
      let starts = 0;
      // Each ends while the other one runs, and another of its kind is there.
      for (; starts < 10 * OVERTAKEN && turns[0]; starts++) {
        const [ended, other] = turns;
        admission.add(ended?.item ?? "", of(ended?.item === "cpu" ? cpu : gpu));
        if (ended) admission.release(ended);
        turns = [other, take()];
        if (turns[1] === undefined) break;
      }
      expect(starts).toBeLessThan(2 * OVERTAKEN);
      if (takenBack) {
        admission.remove(both);
        expect(take()?.item).toMatch(/^(cpu|gpu)$/);
        return;
      }
      const [last] = turns;
      if (last) admission.release(last);
      expect(take()).toBe(both);
    },
  );

  it("forgets keys and pools that nobody asks for any more", () => {
    const admission = new Admission<number>(ENGINE);
    for (let n = 0; n < 3; n++) {
      const ticket = admission.add(n, { priority: 0, needs: [need("key", "k", 1)], rate: undefined });
      const other = admission.add(n, { priority: 1, needs: [need("key", "k", 1)], rate: undefined });
      expect(admission.peek(0)).toBe(other);
      admission.take(other, 0);
      expect(admission.peek(0)).toBeUndefined();
      admission.release(other);
      expect(admission.peek(0)).toBe(ticket);
      admission.take(ticket, 0);
      expect(admission.peek(0)).toBeUndefined();
      admission.release(ticket);
    }
  });

  it("costs the same per step for many as for few, with a key of its own for each", () => {
    const admission = new Admission<number>({ pools: { db: 4 }, resources: {} });
    const running: Ticket<number>[] = [];
    let looked = 0;
    for (let n = 0; n < 20_000; n++) {
      admission.add(n, { priority: 0, needs: [need("pool", "db", 1), need("key", `${n}`, 1)], rate: undefined });
    }
    const order: number[] = [];
    for (;;) {
      const ticket = admission.peek(0);
      looked += 1;
      if (ticket) {
        admission.take(ticket, 0);
        running.push(ticket);
        order.push(ticket.item);
      } else if (running.length > 0) admission.release(running.shift() as Ticket<number>);
      else break;
    }
    expect(order).toEqual(Array.from({ length: 20_000 }, (_, n) => n));
    expect(looked).toBeLessThan(3 * 20_000);
  });
});

describe("of equal priorities", () => {
  const order = (turns: readonly { readonly at: number; readonly ahead: number }[]): readonly number[] => {
    const admission = new Admission<number>(ENGINE);
    for (const [i, turn] of turns.entries()) admission.add(i, undefined, turn);
    return turns.map(() => {
      const ticket = admission.peek(0);
      if (!ticket) throw new Error("nothing may start");
      admission.take(ticket, 0);
      return ticket.item;
    });
  };

  it("what has more ahead of it goes first, then what was issued first", () => {
    const at = 1_000;
    expect(order([0, 5, 9, 5].map((ahead) => ({ at, ahead })))).toEqual([2, 1, 3, 0]);
  });

  it("one that waits is passed only by those that have more ahead of them than it has waited longer", () => {
    const later = [
      { at: 1_000, ahead: 0 },
      { at: 1_050, ahead: 100 },
      { at: 1_100, ahead: 100 },
      { at: 1_200, ahead: 100 },
    ];
    expect(order(later)).toEqual([1, 0, 2, 3]);
  });

  it("a clock that is set back sends nobody to the front", () => {
    expect(
      order([
        { at: 1_000, ahead: 0 },
        { at: 10, ahead: 0 },
        { at: 20, ahead: 1 },
      ]),
    ).toEqual([2, 0, 1]);
  });
});
