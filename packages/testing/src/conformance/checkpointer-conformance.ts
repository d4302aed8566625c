/** What every Checkpointer promises, as one suite. A store calls `open`, then the others, one at a time for each name, then `close`. */
import type { Checkpointer } from "@millrace/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

/** The place of one test's checkpoints. */
export interface CheckpointerHome {
  /** A new door to the same checkpoints. */
  open(): Checkpointer | Promise<Checkpointer>;
  /** Removes the place. */
  remove?(): void | Promise<void>;
}

const NAMES = [
  "nightly",
  "Nightly",
  "nightly/",
  "../nightly",
  "a\\b",
  "con",
  "",
  " ",
  "ünï😀",
  "__proto__",
  "n".repeat(500),
];
const TEXTS = [
  "",
  "one",
  "a\nb\r\nc\n",
  "'; DROP TABLE checkpoints; --",
  "%s {} \\u0000 \u{feff}é😀",
  "x".repeat(2_000_000),
];

/** Declares the suite for one checkpointer; `make` is called for each test and gives a fresh, empty place. */
export function checkpointerConformance(name: string, make: () => CheckpointerHome | Promise<CheckpointerHome>): void {
  describe(`checkpointer: ${name}`, () => {
    let home: CheckpointerHome;
    let checkpointer: Checkpointer;
    const opened = async (): Promise<Checkpointer> => {
      const door = await home.open();
      await door.open?.();
      return door;
    };
    beforeEach(async () => {
      home = await make();
      checkpointer = await opened();
    });
    afterEach(async () => {
      await checkpointer.close?.();
      await home.remove?.();
    });

    it("has nothing under a name that was never written", async () => {
      for (const one of NAMES) expect(await checkpointer.read(one), one).toBeUndefined();
    });

    it("gives back what was written last, exactly", async () => {
      for (const text of [...TEXTS, ...TEXTS.toReversed()]) {
        await checkpointer.write("nightly", text);
        expect((await checkpointer.read("nightly")) === text, `a text of ${text.length} characters`).toBe(true);
      }
    });

    it("keeps names apart, whatever they are", async () => {
      for (const one of NAMES) await checkpointer.write(one, `text of ${one}`);
      for (const one of NAMES) expect(await checkpointer.read(one)).toBe(`text of ${one}`);
    });

    it("clears one name and no other; there may be nothing to clear", async () => {
      for (const one of NAMES) await checkpointer.write(one, `text of ${one}`);
      const [first = "", ...others] = NAMES;
      await checkpointer.clear(first);
      await checkpointer.clear(first);
      await checkpointer.clear("never written");
      expect(await checkpointer.read(first)).toBeUndefined();
      for (const one of others) expect(await checkpointer.read(one)).toBe(`text of ${one}`);
      await checkpointer.write(first, "again");
      expect(await checkpointer.read(first)).toBe("again");
    });

    it("gives checkpoints to the next one that is opened in its place", async () => {
      await checkpointer.write("nightly", "one");
      await checkpointer.write("weekly", "two");
      await checkpointer.clear("weekly");
      await checkpointer.close?.();
      checkpointer = await opened();
      expect(await checkpointer.read("nightly")).toBe("one");
      expect(await checkpointer.read("weekly")).toBeUndefined();
    });

    it("has the old text or the new one while it writes, and nothing between", async () => {
      const [old, young] = ["o".repeat(1_000_000), "y".repeat(500_000)];
      await checkpointer.write("nightly", old);
      const writing = checkpointer.write("nightly", young);
      const seen = [await checkpointer.read("nightly")];
      await writing;
      seen.push(await checkpointer.read("nightly"));
      expect(seen[0] === old || seen[0] === young).toBe(true);
      expect(seen[1] === young).toBe(true);
    });

    it("writes under several names at once", async () => {
      await Promise.all(NAMES.map((one) => checkpointer.write(one, `text of ${one}`)));
      expect(await Promise.all(NAMES.map((one) => checkpointer.read(one)))).toEqual(
        NAMES.map((one) => `text of ${one}`),
      );
    });
  });
}
