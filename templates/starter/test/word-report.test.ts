/** The flow's own decisions: its tasks are replaced by results that are ready, or wait for the test. */
import { controlled, ManualClock, openTestEngine, prebaked } from "millrace/testing";
import { expect, it } from "vitest";
import { WordReport } from "../src/flows/word-report.js";
import { CountWords } from "../src/tasks/count-words.js";
import { WriteSummary } from "../src/tasks/write-summary.js";

it("summarises what was counted, once everything has been", async () => {
  const counts = prebaked(CountWords, { compute: ({ file }) => ({ file, words: file.length, longest: file }) });
  await using engine = await openTestEngine({ standIns: [counts] });

  const report = await engine.run(WordReport, { files: ["a", "bc"] });

  expect(report).toBe('a: 1 words, the longest is "a"\nbc: 2 words, the longest is "bc"\n3 words in 2 files');
  engine.events.assertBefore(CountWords, WriteSummary);
  engine.events.assertExactlyOnce(WriteSummary);
});

it("counts four files at a time", async () => {
  const counting = controlled(CountWords);
  await using engine = await openTestEngine({ standIns: [counting] });
  const run = engine.start(WordReport, { files: ["1", "2", "3", "4", "5", "6"] });

  const four = [await counting.next(), await counting.next(), await counting.next(), await counting.next()];
  expect(engine.events.executions(CountWords)).toHaveLength(4);
  const others = [counting.next(), counting.next()];
  for (const attempt of four) attempt.finish({ file: attempt.params.file, words: 1, longest: "" });
  for (const attempt of await Promise.all(others)) attempt.finish({ file: attempt.params.file, words: 1, longest: "" });

  expect(await run.result()).toContain("6 words in 6 files");
  expect(engine.events.mostTogether(CountWords)).toBe(4);
});

it("tries a file again after 200 and 400 ms, then fails and writes no summary", async () => {
  const clock = new ManualClock();
  const counting = controlled(CountWords);
  await using engine = await openTestEngine({ standIns: [counting], clock });
  const run = engine.start(WordReport, { files: ["good", "bad"] });

  for (const pause of [200, 400]) {
    (await counting.next({ file: "bad" })).fail(new RangeError("unreadable"));
    await clock.waiting(pause);
    clock.advance(pause);
  }
  (await counting.next({ file: "bad" })).fail(new RangeError("unreadable"));

  await expect(run.result()).rejects.toThrow("unreadable");
  expect(engine.events.executions(WriteSummary)).toEqual([]);
});
