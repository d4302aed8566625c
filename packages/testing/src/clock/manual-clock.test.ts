import { expect, test } from "vitest";
import { ManualClock } from "./manual-clock.js";

function recording(clock: ManualClock) {
  const fired: [name: string, at: number][] = [];
  const start = clock.now();
  const set = (name: string, ms: number, more?: () => void): (() => void) =>
    clock.after(ms, () => {
      fired.push([name, clock.now() - start]);
      more?.();
    });
  return { fired, set };
}

test("fires by due time, then by the order of setting, each at its own time", () => {
  const clock = new ManualClock();
  const { fired, set } = recording(clock);
  set("late", 20);
  set("first of two", 10);
  set("second of two", 10);
  set("never", Number.POSITIVE_INFINITY);
  set("beyond", 21);
  clock.advance(20);
  expect(fired).toEqual([
    ["first of two", 10],
    ["second of two", 10],
    ["late", 20],
  ]);
  expect(clock.timers).toEqual([1, Number.POSITIVE_INFINITY]);
});

test("timers set while it moves fire in the same move if they are due in it", () => {
  const clock = new ManualClock();
  const { fired, set } = recording(clock);
  set("outer", 5, () => {
    set("inner", 5);
    set("too late", 6);
    set("overdue", -7);
  });
  clock.advance(10);
  expect(fired).toEqual([
    ["outer", 5],
    ["overdue", 5],
    ["inner", 10],
  ]);
  expect(clock.timers).toEqual([1]);
});

test("a callback can cancel a timer that is due at the same time", () => {
  const clock = new ManualClock();
  const { fired, set } = recording(clock);
  let cancel = (): void => {};
  set("canceller", 5, () => cancel());
  cancel = set("cancelled", 5);
  clock.advance(5);
  expect(fired).toEqual([["canceller", 5]]);
});

test("a callback that throws stops neither the others nor the time", () => {
  const clock = new ManualClock(0);
  const { fired, set } = recording(clock);
  const fail = (text: string) => (): never => {
    throw new Error(text);
  };
  set("a", 1, fail("one"));
  set("b", 2);
  expect(() => clock.advance(10)).toThrow("one");
  expect(fired.map(([name]) => name)).toEqual(["a", "b"]);
  expect(clock.now()).toBe(10);
  set("c", 1, fail("two"));
  set("d", 1, fail("three"));
  expect(() => clock.advance(1)).toThrow(
    expect.objectContaining({ name: "AggregateError", errors: [new Error("two"), new Error("three")] }),
  );
});

test("advances to the next timer and says by how much", () => {
  const clock = new ManualClock();
  const { fired, set } = recording(clock);
  set("a", 30);
  set("b", 30);
  set("c", 31);
  expect(clock.advanceToNext()).toBe(30);
  expect(fired.map(([name]) => name)).toEqual(["a", "b"]);
  expect(clock.advanceToNext()).toBe(1);
  expect(() => clock.advanceToNext()).toThrow(expect.objectContaining({ code: "clock-misuse" }));
  set("never", Number.POSITIVE_INFINITY);
  expect(() => clock.advanceToNext()).toThrow(/none waits/);
});

test.each([-1, Number.NaN, Number.POSITIVE_INFINITY])("does not move by %d ms", (ms) => {
  const clock = new ManualClock(7);
  expect(() => clock.advance(ms)).toThrow(expect.objectContaining({ code: "clock-misuse" }));
  expect(clock.now()).toBe(7);
});

test("timers that set themselves at once, again and again, are an error and no endless loop", () => {
  const clock = new ManualClock();
  const again = (): void => void clock.after(0, again);
  again();
  expect(() => clock.advance(1)).toThrow(/has fired 100000 timers and goes on/);
});

test("waits for a timer that is set later, or becomes due in time by a move", async () => {
  const clock = new ManualClock();
  const set = clock.waiting(5);
  setImmediate(() => clock.after(5, () => {}));
  await set;
  const moved = clock.waiting(2);
  clock.advance(3);
  await moved;
  await clock.waiting(2);
});

test("timers in the background fire, but are neither listed nor waited for", async () => {
  const clock = new ManualClock();
  const { fired, set } = recording(clock);
  clock.after(5, () => fired.push(["background", clock.now()]), { unref: true });
  set("a", 7);
  expect(clock.timers).toEqual([7]);
  await expect(clock.waiting(5, { withinMs: 1 })).rejects.toThrow(/those that wait are due in 7 ms/);
  expect(clock.advanceToNext()).toBe(7);
  expect(fired.map(([name]) => name)).toEqual(["background", "a"]);
});

test("gives up the wait for a timer that nobody sets, and names those that are set", async () => {
  const clock = new ManualClock();
  await expect(clock.waiting(5, { withinMs: 1 })).rejects.toThrow(/due in 5 ms was set within .*: none waits/);
  clock.after(70, () => {});
  clock.after(6, () => {});
  await expect(clock.waiting(5, { withinMs: 1 })).rejects.toMatchObject({
    code: "clock-misuse",
    message: expect.stringContaining("those that wait are due in 6, 70 ms"),
    data: { ms: 5, timers: [6, 70] },
  });
});
