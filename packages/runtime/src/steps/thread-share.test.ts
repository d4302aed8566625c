import type { AttemptSlices } from "@millrace/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addSlices, shareOfThread, ThreadShares } from "./thread-share.js";

/** Whole microseconds. */
const ms = fc.nat(2 ** 31 - 1).map((us) => us / 1_000);
/** A slice is never longer than all of them. */
const slices: fc.Arbitrary<AttemptSlices> = fc
  .record({ busyMs: ms, waitedMs: ms, part: fc.double({ min: 0, max: 1, noNaN: true }) })
  .map(({ busyMs, waitedMs, part }) => ({ busyMs, waitedMs, sliceMs: busyMs * part }));
const close = (value: number): unknown => expect.closeTo(value, 5);

describe("the share of a thread", () => {
  it("is more than nothing and at most all of it", () => {
    fc.assert(
      fc.property(slices, (some) => {
        expect(shareOfThread(some)).toBeGreaterThan(0);
        expect(shareOfThread(some)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it("grows with what is computed and with the slices, and falls with what is waited for", () => {
    fc.assert(
      fc.property(slices, ms, (some, more) => {
        const share = shareOfThread(some);
        expect(shareOfThread({ ...some, busyMs: some.busyMs + more })).toBeGreaterThanOrEqual(share);
        expect(shareOfThread({ ...some, sliceMs: some.sliceMs + more })).toBeGreaterThanOrEqual(share);
        expect(shareOfThread({ ...some, waitedMs: some.waitedMs + more })).toBeLessThanOrEqual(share);
      }),
    );
  });

  it("of steps that wait for nearly all of their time is next to nothing, however many of them", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1 }), (busy) => {
        const each = busy.map((busyMs) => ({ busyMs, waitedMs: 100, sliceMs: busyMs }));
        expect(shareOfThread(each.reduce((all, one) => addSlices(all, one)))).toBeLessThan(1 / 64);
      }),
    );
  });

  it.each([
    { what: "40 ms at a stretch without a pause", busyMs: 400, waitedMs: 0, sliceMs: 40, share: 1 },
    { what: "16 ms after a second of waiting", busyMs: 16, waitedMs: 1_000, sliceMs: 16, share: 16 / 1_017 },
    { what: "40 ms after 200 of waiting", busyMs: 40, waitedMs: 199, sliceMs: 40, share: 1 / 3 },
    { what: "a second after fifty", busyMs: 1_000, waitedMs: 48_999, sliceMs: 1_000, share: 4 / 50 },
    { what: "a tenth of a millisecond and nothing else", busyMs: 0.1, waitedMs: 0, sliceMs: 0.1, share: 0.1 / 1.1 },
  ])("of $what is $share", ({ share, busyMs, waitedMs, sliceMs }) => {
    expect(shareOfThread({ busyMs, waitedMs, sliceMs })).toBeCloseTo(share, 9);
  });
});

describe("sums of slices", () => {
  it("do not depend on the order", () => {
    fc.assert(
      fc.property(slices, slices, slices, (a, b, c) => {
        const one = addSlices(addSlices(a, b), c);
        const other = addSlices(c, addSlices(b, a));
        expect(other.busyMs).toBeCloseTo(one.busyMs, 5);
        expect(other.waitedMs).toBeCloseTo(one.waitedMs, 5);
        expect(other.sliceMs).toEqual(close(one.sliceMs));
      }),
    );
  });

  it("lie between their parts", () => {
    fc.assert(
      fc.property(slices, slices, (a, b) => {
        const { sliceMs } = addSlices(a, b);
        expect(sliceMs).toBeLessThanOrEqual(Math.max(a.sliceMs, b.sliceMs) * (1 + 1e-9));
      }),
    );
  });
});

describe("what an engine learns", () => {
  const heavy = { busyMs: 400, waitedMs: 0, sliceMs: 40 };
  const light = { busyMs: 1, waitedMs: 400, sliceMs: 0.5 };

  it("knows nothing of a task before its first attempt has ended", () => {
    expect(new ThreadShares().of("T")).toBeLessThan(1 / 64);
  });

  it("does not forget a task that computes over a short attempt of it, and forgets it over many", () => {
    const shares = new ThreadShares();
    shares.learn("T", heavy);
    shares.learn("T", { busyMs: 0.1, waitedMs: 0, sliceMs: 0.1 });
    expect(shares.of("T")).toBe(1);
    for (let i = 0; i < 40; i++) shares.learn("T", light);
    expect(shares.of("T")).toBeLessThan(1 / 64);
  });

  it("keeps tasks apart", () => {
    const shares = new ThreadShares();
    shares.learn("A", heavy);
    shares.learn("B", light);
    expect(shares.of("A")).toBe(1);
    expect(shares.of("B")).toBeLessThan(1 / 64);
  });
});
