/** What every Clock promises, as one suite. Waiting is by event: no test asserts how long something took. */
import type { Clock } from "@millrace/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

/** A clock, and how its time passes. */
export interface ClockUnderTest {
  readonly clock: Clock;
  /** Lets so many ms pass and fires what is due; left out by clocks that run by themselves. */
  readonly advance?: (ms: number) => void | Promise<void>;
  /** Called after each test. */
  readonly dispose?: () => void;
}

const MAX_NODE_TIMER_MS = 2 ** 31 - 1;

/** Declares the suite for one clock; `make` is called for each test. */
export function clockConformance(name: string, make: () => ClockUnderTest): void {
  describe(`clock: ${name}`, () => {
    let subject: ClockUnderTest;
    let clock: Clock;
    let fired: string[];
    beforeEach(() => {
      subject = make();
      clock = subject.clock;
      fired = [];
    });
    afterEach(() => subject.dispose?.());

    const set = (label: string, ms: number): (() => void) => clock.after(ms, () => fired.push(label));
    /** Resolves when all that was due so far in `ms` or earlier has fired. */
    const pass = async (ms: number): Promise<void> => {
      if (subject.advance) await subject.advance(ms);
      else await new Promise<void>((resolve) => clock.after(ms, resolve));
    };

    it("tells a finite time that moves on with its timers and never goes back", async () => {
      const start = clock.now();
      expect(Number.isFinite(start)).toBe(true);
      let before = start;
      for (let i = 0; i < 10; i += 1) {
        await pass(1);
        expect(clock.now()).toBeGreaterThanOrEqual(before);
        before = clock.now();
      }
      expect(before).toBeGreaterThan(start);
    });

    it.each([5, 0, -1, Number.NaN])("fires a timer of %d ms once, and not while it is being set", async (ms) => {
      set("timer", ms);
      expect(fired).toEqual([]);
      await pass(10);
      await pass(10);
      expect(fired).toEqual(["timer"]);
    });

    it("fires in the order in which timers are due, and of those due together in the order of setting", async () => {
      set("third", 8);
      set("first", 3);
      set("second", 3);
      await pass(8);
      expect(fired).toEqual(["first", "second", "third"]);
    });

    it("cancels a timer, at any time and any number of times, and no other one", async () => {
      const cancel = set("cancelled", 3);
      set("kept", 3);
      cancel();
      cancel();
      await pass(5);
      expect(fired).toEqual(["kept"]);
      cancel();
      const late = set("fired before", 1);
      await pass(2);
      late();
      set("later", 1);
      await pass(2);
      expect(fired).toEqual(["kept", "fired before", "later"]);
    });

    it("cancels from the callback of a timer that is due together with it", async () => {
      let cancel = (): void => {};
      clock.after(3, () => cancel());
      cancel = set("cancelled", 3);
      await pass(5);
      expect(fired).toEqual([]);
    });

    it("takes a timer set in a callback, and fires it after that callback", async () => {
      clock.after(2, () => {
        set("inner", 0);
        fired.push("outer");
      });
      await pass(10);
      await pass(1);
      expect(fired).toEqual(["outer", "inner"]);
    });

    it("does not fire a timer beyond 2^31 ms early, and cancels it", async () => {
      const cancel = set("far", MAX_NODE_TIMER_MS + 1_000);
      await pass(10);
      expect(fired).toEqual([]);
      if (subject.advance) {
        await subject.advance(MAX_NODE_TIMER_MS + 1_000 - 11);
        expect(fired).toEqual([]);
        await subject.advance(1);
        expect(fired).toEqual(["far"]);
        set("cancelled", MAX_NODE_TIMER_MS * 2)();
        await subject.advance(MAX_NODE_TIMER_MS * 2);
        expect(fired).toEqual(["far"]);
      }
      cancel();
    });

    it("fires unref'd timers like others, and lets the process end meanwhile", async () => {
      const living = (): number => process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
      const before = living();
      const cancel = [60_000, MAX_NODE_TIMER_MS * 2].map((ms) => clock.after(ms, () => {}, { unref: true }));
      expect(living()).toBe(before);
      for (const each of cancel) each();
      clock.after(3, () => fired.push("unref"), { unref: true });
      await pass(5);
      expect(fired).toEqual(["unref"]);
    });
  });
}
