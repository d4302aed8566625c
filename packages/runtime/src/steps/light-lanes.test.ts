import type { Lane } from "@millrace/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LaneState } from "./lane-state.js";
import { LightLanes, threadFor, weightOf } from "./light-lanes.js";

const CAPACITY = 64;
const share = fc.double({ min: Number.EPSILON, max: 1, noNaN: true });

describe("the thread of a light step", () => {
  it("is the first with room, and none only if none has room", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(CAPACITY)), share, (taken, some) => {
        const weight = weightOf(some, CAPACITY);
        const thread = threadFor(taken, weight, CAPACITY);
        const fits = taken.map((weights) => weights + weight <= CAPACITY);
        expect(thread).toBe(fits.includes(true) ? fits.indexOf(true) : undefined);
      }),
    );
  });

  it("a share weighs a lane at least, all lanes at most, and more if it is more", () => {
    fc.assert(
      fc.property(share, share, (a, b) => {
        const [less, more] = [Math.min(a, b), Math.max(a, b)].map((some) => weightOf(some, CAPACITY));
        expect(less).toBeGreaterThanOrEqual(1);
        expect(more).toBeLessThanOrEqual(CAPACITY);
        expect(less).toBeLessThanOrEqual(more as number);
      }),
    );
  });
});

describe("light lanes", () => {
  interface Placed {
    readonly thread: number;
    readonly state: LaneState<number>;
  }

  /** Lanes of two threads, and who has been placed where. */
  function setUp() {
    const threads = new Map<LaneState<number>, number>();
    const lanes = new LightLanes<number>({
      threads: 2,
      lanes: CAPACITY,
      open(thread) {
        const state: LaneState<number> = { lane: {} as Lane, kind: "light", inFlight: new Map(), load: 0, weight: 0 };
        threads.set(state, thread);
        return state;
      },
    });
    let jobs = 0;
    const place = (some: number): Placed | undefined => {
      const state = lanes.roomFor(some);
      if (!state) return undefined;
      state.inFlight.set(++jobs, jobs);
      return { thread: threads.get(state) as number, state };
    };
    return { lanes, place };
  }

  it("64 that wait share a thread before another one is begun", () => {
    const { place } = setUp();
    const placed = Array.from({ length: 129 }, () => place(Number.EPSILON)?.thread);
    expect(placed).toEqual([...Array(64).fill(0), ...Array(64).fill(1), undefined]);
  });

  it("those that take a third of a thread each are spread, three to a thread", () => {
    const { place } = setUp();
    expect(Array.from({ length: 7 }, () => place(1 / 3)?.thread)).toEqual([0, 0, 0, 1, 1, 1, undefined]);
  });

  it("never has more in a thread than it holds, whatever comes and goes", () => {
    const moves = fc.array(fc.oneof(share, fc.constant("end" as const)), { maxLength: 300 });
    fc.assert(
      fc.property(moves, fc.nat(), (some, seed) => {
        const { place } = setUp();
        const running: (Placed & { readonly share: number })[] = [];
        const takenOf = (thread: number): number =>
          running.reduce((sum, each) => sum + (each.thread === thread ? weightOf(each.share, CAPACITY) : 0), 0);
        for (const [n, move] of some.entries()) {
          if (move === "end") {
            const [ended] = running.splice((seed + n) % Math.max(running.length, 1), 1);
            ended?.state.inFlight.clear();
            continue;
          }
          const before = [takenOf(0), takenOf(1)];
          const placed = place(move);
          if (placed) running.push({ ...placed, share: move });
          else for (const taken of before) expect(taken + weightOf(move, CAPACITY)).toBeGreaterThan(CAPACITY);
          expect(placed?.state.inFlight.size ?? 1).toBe(1);
          for (const thread of [0, 1]) expect(takenOf(thread)).toBeLessThanOrEqual(CAPACITY);
        }
      }),
    );
  });

  it("goes on without a broken lane, in others of its thread", () => {
    const { lanes, place } = setUp();
    const [first, second] = [place(1), place(1)];
    lanes.drop(first?.state as LaneState<number>);
    expect(place(1)?.thread).toBe(0);
    lanes.drop(second?.state as LaneState<number>);
    expect(lanes.all).toHaveLength(1);
    for (const state of lanes.all) lanes.drop(state);
    expect(lanes.all).toEqual([]);
  });
});
