import { columnsOf } from "@millrace/core";
import { RunTally } from "@millrace/runtime";
import { EventFeed } from "@millrace/testing/conformance";
import picocolors from "picocolors";
import { expect, test } from "vitest";
import { progressFrame } from "./progress-frame.js";

const plain = picocolors.createColors(false);

function scene() {
  const feed = new EventFeed();
  const tally = new RunTally();
  const frame = (columns = 100, colors = plain, rows = 24) =>
    progressFrame({ flow: "CityReport", run: feed.run, tally, now: feed.now, columns, rows, colors });
  return { feed, tally, frame };
}

test("counts, running steps with their progress, and waiting attempts", () => {
  const { feed, tally, frame } = scene();
  const [oslo, rome, done] = [feed.step("Fetch", "Oslo"), feed.step("Fetch", "Rome"), feed.step("Fetch", "Bonn")];
  tally.apply(feed.resumed(1));
  tally.apply(feed.mapStarted(10));
  tally.apply(feed.settled(feed.step("Load"), { source: "restored" }));
  tally.apply(feed.settled(done, { state: "failed" }));
  tally.apply(feed.running(oslo));
  tally.apply(feed.progress(oslo, 0.5, "half\nof it\u001b[2J"));
  tally.apply(feed.running(rome));
  tally.apply(feed.attemptFailed(rome, 5_000, { name: "Error", message: "down" }));
  tally.apply(feed.ready(feed.step("Fetch", "queued")));
  feed.now += 4_200;
  expect(frame()).toEqual([
    "CityReport oslo-1  4.2 s",
    "  ━━━━━━━━━━━━━━━━━━━━━━━━  2 of ~11 steps  1 failed  1 restored",
    "  ▸ Fetch[Oslo]    4.2 s  50 %  half of it [2J",
    "  ↻ Fetch[Rome]  attempt 2 in 800 ms  down",
  ]);
});

test("at most eight steps are shown, the longest running first", () => {
  const { feed, tally, frame } = scene();
  for (let i = 0; i < 20; i++) {
    tally.apply(feed.running(feed.step("Fetch", String(i))));
    feed.now += 1_000;
  }
  const lines = frame();
  expect(lines).toHaveLength(2 + 8 + 1);
  expect(lines[2]).toContain("Fetch[0]");
  expect(lines.at(-1)).toBe("  + 12 more");
  expect(frame(100, plain, 9)).toHaveLength(8);
});

test("no line is wider than the terminal, whatever it holds", () => {
  const { feed, tally, frame } = scene();
  for (const item of ["東京都".repeat(30), "x".repeat(300), "🙂".repeat(60)]) {
    const step = feed.step("Fetch", item);
    tally.apply(feed.running(step));
    tally.apply(feed.progress(step, 0.1, "東京都 ".repeat(40)));
  }
  for (const columns of [20, 40, 80]) {
    for (const colors of [plain, picocolors.createColors(true)]) {
      for (const line of frame(columns, colors)) expect(columnsOf(line)).toBeLessThan(columns);
    }
  }
});
