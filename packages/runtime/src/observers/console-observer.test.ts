import type { RunEvent } from "@millrace/core";
import { EventFeed } from "@millrace/testing/conformance";
import { afterEach, expect, test, vi } from "vitest";
import { type ConsoleObserverOptions, consoleObserver } from "./console-observer.js";

afterEach(() => vi.useRealTimers());

function watch(options: ConsoleObserverOptions = {}) {
  let text = "";
  const observer = consoleObserver({ stream: { write: (t) => (text += t) }, color: false, ...options });
  return {
    say: (...events: RunEvent[]) => {
      for (const event of events) observer.on(event);
    },
    close: () => observer.close?.(),
    lines: () => text.split("\n").slice(0, -1),
  };
}

test("tells the life of a run, its lines and its failures", () => {
  const feed = new EventFeed();
  const { say, lines } = watch();
  const oslo = feed.step("FetchForecast", "Oslo");
  const down = { name: "TypeError", message: "fetch failed", stack: "TypeError: fetch failed\n    at x (a.ts:1:1)" };
  say(
    feed.started(),
    feed.mapStarted(2),
    feed.ready(oslo),
    feed.running(oslo),
    feed.log("asking for Oslo", oslo),
    feed.progress(oslo, 0.5),
    feed.attemptFailed(oslo, 1_500, down),
    feed.settled(oslo, { state: "failed", attempts: 3, durationMs: 1_200, error: down }),
    feed.warning("slow-body", "The body held the thread for 1.2 s.", "Move the work into a task."),
    feed.log("one city is missing", undefined, "warn"),
    feed.ended({ total: 2, succeeded: 1, failed: 1 }, down),
  );
  expect(lines()).toEqual([
    "12:04:31.120 info  CityReport started as run oslo-1 (build 01234567)",
    "12:04:31.120 info  FetchForecast[Oslo] asking for Oslo",
    "12:04:31.120 warn  FetchForecast[Oslo] attempt 1 of 3 failed: TypeError: fetch failed; next in 1.5 s",
    "12:04:31.120 error FetchForecast[Oslo] failed in 1.2 s after 3 attempts: TypeError: fetch failed",
    "12:04:31.120 warn  CityReport [slow-body] The body held the thread for 1.2 s. Move the work into a task.",
    "12:04:31.120 warn  CityReport one city is missing",
    "12:04:31.120 error CityReport failed in 12.3 s (2 steps: 1 failed): TypeError: fetch failed",
  ]);
});

test("ten thousand steps take a handful of lines, with counts", () => {
  vi.useFakeTimers();
  const feed = new EventFeed();
  const { say, lines } = watch();
  say(feed.started(), feed.mapStarted(10_000));
  for (let i = 0; i < 9_000; i++) {
    feed.now += 1;
    const step = feed.step("Fetch", String(i));
    say(feed.ready(step), feed.running(step), feed.settled(step));
  }
  const before = lines();
  expect(before.length).toBeLessThan(20);
  expect(before.filter((l) => /of ~10,000 steps done/.test(l)).length).toBeGreaterThanOrEqual(4);
  vi.advanceTimersByTime(2_000);
  expect(lines().at(-1)).toMatch(/9,000 of ~10,000 steps done/);
  say(feed.ended({ total: 9_000, succeeded: 9_000 }));
  vi.advanceTimersByTime(10_000);
  expect(lines().at(-1)).toMatch(/succeeded in 12.3 s \(9,000 steps\)/);
});

test("after the crowd, single steps are told again", () => {
  vi.useFakeTimers();
  const feed = new EventFeed();
  const { say, lines } = watch();
  say(feed.started());
  for (let i = 0; i < 1_000; i++) {
    feed.now += 10;
    say(feed.settled(feed.step("Fetch", String(i))));
  }
  vi.advanceTimersByTime(2_000);
  const crowd = lines().length;
  for (let i = 0; i < 5; i++) {
    feed.now += 5_000;
    say(feed.settled(feed.step("Render", String(i))));
  }
  expect(
    lines()
      .slice(crowd)
      .filter((l) => / Render\[\d\] done in /.test(l)).length,
  ).toBeGreaterThanOrEqual(4);
});

test("restored steps are silent, a resume says how much is recorded", () => {
  const feed = new EventFeed();
  const { say, lines } = watch();
  say(feed.resumed(1), feed.settled(feed.step("A"), { source: "restored" }), feed.ended({ total: 1, restored: 1 }));
  expect(lines().map((l) => l.slice(13))).toEqual([
    "info  CityReport goes on with run oslo-1: 1 record to restore from",
    "info  CityReport succeeded in 12.3 s (1 step: 1 restored)",
  ]);
});

test("lines of several runs say whose they are", () => {
  const [one, two] = [new EventFeed("one"), new EventFeed("two")];
  const { say, lines } = watch();
  say(one.started(), two.started(), one.log("hello"), two.ended(), one.log("alone"));
  expect(lines()[2]).toMatch(/^one .* hello$/);
  expect(lines().at(-1)).not.toMatch(/^one /);
});

test("without colour no line holds a control character", () => {
  const feed = new EventFeed();
  const { say, lines } = watch();
  say(feed.started(), feed.log("x", feed.step("A"), "error"), feed.ended());
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  expect(lines().join("")).not.toMatch(/[\u0000-\u001f\u007f]/);
});

test("with colour the words stay the same", () => {
  const feed = new EventFeed();
  const { say, lines } = watch({ color: true });
  say(feed.started());
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ANSI attributes
  expect(lines()[0]?.replace(/\u001b\[\d+m/g, "")).toMatch(/ info {2}CityReport started as run oslo-1/);
  expect(lines()[0]).toContain("\u001b[");
});
