import fc from "fast-check";
import { expect, it } from "vitest";
import { readSchedule } from "./read-schedule.js";
import { Timetable } from "./timetable.js";

/** The next instants, as ISO text up to the minute. */
function next(cron: string, timezone: string, from: string, count: number): string[] {
  const timetable = new Timetable({ cron, timezone });
  const found: string[] = [];
  for (let at = Date.parse(from); found.length < count; ) {
    const instant = timetable.next(at);
    if (instant === undefined) break;
    found.push(new Date(instant).toISOString().slice(0, 16));
    at = instant;
  }
  return found;
}

it("the wall clock of the zone counts, in summer and in winter", () => {
  expect(next("0 6 * * *", "Europe/Oslo", "2026-03-28T00:00Z", 2)).toEqual(["2026-03-28T05:00", "2026-03-29T04:00"]);
  expect(next("0 6 * * *", "UTC", "2026-03-28T00:00Z", 2)).toEqual(["2026-03-28T06:00", "2026-03-29T06:00"]);
  expect(next("0 6 * * *", "Asia/Kathmandu", "2026-03-28T00:00Z", 1)).toEqual(["2026-03-28T00:15"]);
});

it("a time that the clocks leave out comes an hour later, once", () => {
  expect(next("30 2 * * *", "Europe/Oslo", "2026-03-28T12:00Z", 2)).toEqual(["2026-03-29T01:00", "2026-03-30T00:30"]);
});

it("a time that comes twice counts once; a schedule within the hour goes on through both", () => {
  expect(next("30 2 * * *", "Europe/Oslo", "2026-10-24T12:00Z", 2)).toEqual(["2026-10-25T00:30", "2026-10-26T01:30"]);
  expect(next("*/30 * * * *", "Europe/Oslo", "2026-10-25T00:10Z", 4)).toEqual([
    "2026-10-25T00:30",
    "2026-10-25T01:00",
    "2026-10-25T01:30",
    "2026-10-25T02:00",
  ]);
});

it("looking back finds what looking forward does, up to the limit", () => {
  const field = (max: number): fc.Arbitrary<string> =>
    fc.oneof(fc.constant("*"), fc.integer({ min: 0, max }).map(String), fc.constant("*/7"));
  const cases = fc.record({
    cron: fc.tuple(field(59), field(23)).map(([minute, hour]) => `${minute} ${hour} * * *`),
    timezone: fc.constantFrom("UTC", "Europe/Oslo", "America/New_York", "Australia/Lord_Howe"),
    from: fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2026, 11, 1) }),
    hours: fc.integer({ min: 0, max: 80 }),
    limit: fc.integer({ min: 1, max: 30 }),
  });
  fc.assert(
    fc.property(cases, ({ cron, timezone, from, hours, limit }) => {
      const timetable = new Timetable({ cron, timezone });
      const to = from + hours * 3_600_000;
      const forward: number[] = [];
      for (let at = timetable.next(from); at !== undefined && at <= to; at = timetable.next(at)) forward.push(at);
      const back = timetable.between(from, to, limit);
      expect(back).toEqual({ newest: forward.slice(-limit), more: forward.length > limit });
    }),
    { seed: 45, numRuns: 200 },
  );
});

it("reads a text as an expression in UTC, and fills in what an object leaves out", () => {
  const defaults = { timezone: "UTC", overlap: "skip", catchUp: "last" };
  expect(readSchedule("0 6 * * *")).toEqual({ entry: { cron: "0 6 * * *", ...defaults } });
  expect(readSchedule({ cron: "@daily" })).toEqual({ entry: { cron: "@daily", ...defaults } });
  const whole = { cron: "*/5 0 6 * * MON-FRI", timezone: "Europe/Oslo", overlap: "queue", catchUp: "none" };
  expect(readSchedule(whole)).toEqual({ entry: whole });
  expect(readSchedule("0 0 29 2 *")).toHaveProperty("entry");
});

it.each([
  [7, "schedule must be a cron expression"],
  [{}, "schedule.cron must be a cron expression"],
  ["0 6 * *", 'schedule.cron is "0 6 * *", which has 4 of the five fields'],
  ["61 6 * * *", 'schedule.cron is "61 6 * * *", which cannot be read: Invalid value for minute: 61'],
  ["0 6 30 2 *", "a time that never comes"],
  ["2026-12-01T00:00:00", "of the five fields"],
  ["@dayly", 'did you mean "@daily"?'],
  [{ cron: "0 6 * * *", timezone: "Europe/Olso" }, 'did you mean "Europe/Oslo"?'],
  [{ cron: "0 6 * * *", timezone: "" }, "which is no time zone"],
  [{ cron: "0 6 * * *", overlap: "skp" }, 'schedule.overlap must be "skip", "queue", "parallel"; did you mean "skip"?'],
  [{ cron: "0 6 * * *", catchUp: true }, 'schedule.catchUp must be "none", "last", "all"'],
  [{ cron: "0 6 * * *", timeZone: "UTC" }, 'schedule.timeZone is no part of a schedule; did you mean "timezone"?'],
])("says what is wrong with %j", (given, message) => {
  const read = readSchedule(given);
  expect("issues" in read && read.issues.map((issue) => `${issue.path} ${issue.message}`).join()).toContain(message);
});
