import { describe, expect, it } from "vitest";
import { timeScale } from "./time-scale.js";

const BEGIN = 1_700_000_000_000;
const step = (from: number, to: number | null) => ({
  startedAt: BEGIN + from,
  endedAt: to === null ? null : BEGIN + to,
});

describe("the time scale of a run", () => {
  it("is in proportion, with round marks", () => {
    const { place, ticks, cuts } = timeScale({ from: BEGIN, to: BEGIN + 1_000 }, [step(0, 400), step(300, 1_000)]);
    expect([0, 250, 1_000].map((time) => place(BEGIN + time))).toEqual([0, 25, 100]);
    expect(ticks.map(({ time, at }) => [time, at])).toEqual([0, 200, 400, 600, 800, 1_000].map((t) => [t, t / 10]));
    expect(cuts).toEqual([]);
  });

  it("cuts a long pause short, and marks nothing inside", () => {
    const hour = 3_600_000;
    const { place, ticks, cuts } = timeScale({ from: BEGIN, to: BEGIN + hour + 100 }, [
      step(0, 100),
      step(hour, hour + 100),
    ]);
    expect(cuts).toMatchObject([{ from: BEGIN + 100, to: BEGIN + hour }]);
    // 200 ms of work, and 6 % of that for the hour.
    expect(place(BEGIN + 100)).toBeCloseTo((100 * 100) / 212);
    expect(place(BEGIN + hour)).toBeCloseTo((100 * 112) / 212);
    expect(ticks.map(({ time }) => time)).toEqual([0, 50, 100, 50, 100]);
  });

  it("takes a step that goes on to the end, and what is outside to its edges", () => {
    const { place, cuts } = timeScale({ from: BEGIN, to: BEGIN + 100 }, [step(-50, 20), step(60, null)]);
    expect([BEGIN - 50, BEGIN + 500].map(place)).toEqual([0, 100]);
    expect(cuts).toEqual([]);
  });

  it("has a place for a run without steps and without time", () => {
    const { place, ticks } = timeScale({ from: BEGIN, to: BEGIN }, []);
    expect(place(BEGIN)).toBe(0);
    expect(ticks.map(({ time }) => time)).toEqual([0, 1]);
  });
});
