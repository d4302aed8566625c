/** The flow's own decisions: its tasks are replaced by results that are ready, or wait for the test. */
import { controlled, ManualClock, openTestEngine, prebaked } from "millrace/testing";
import { expect, it } from "vitest";
import { wordReport } from "../src/flows/word-report.js";
import { countWords } from "../src/tasks/count-words.js";
import { writeSummary } from "../src/tasks/write-summary.js";

it("summarises what was counted, once everything has been", async () => {
  const counts = prebaked(countWords, { compute: ({ file }) => ({ file, words: file.length, longest: file }) });
  await using engine = await openTestEngine({ standIns: [counts] });

  const report = await engine.run(wordReport, { files: ["a", "bc"] });

  expect(report).toBe('a: 1 words, the longest is "a"\nbc: 2 words, the longest is "bc"\n3 words in 2 files');
  engine.events.assertBefore(countWords, writeSummary);
  engine.events.assertExactlyOnce(writeSummary);
});

it("counts four files at a time", async () => {
  const counting = controlled(countWords);
  await using engine = await openTestEngine({ standIns: [counting] });
  const run = engine.start(wordReport, { files: ["1", "2", "3", "4", "5", "6"] });

  const four = [await counting.next(), await counting.next(), await counting.next(), await counting.next()];
  expect(engine.events.executions(countWords)).toHaveLength(4);
  const others = [counting.next(), counting.next()];
  for (const attempt of four) attempt.finish({ file: attempt.params.file, words: 1, longest: "" });
  for (const attempt of await Promise.all(others)) attempt.finish({ file: attempt.params.file, words: 1, longest: "" });

  expect(await run.result()).toContain("6 words in 6 files");
  expect(engine.events.mostTogether(countWords)).toBe(4);
});

it("tries a file again after 200 and 400 ms, then fails and writes no summary", async () => {
  const clock = new ManualClock();
  const counting = controlled(countWords);
  await using engine = await openTestEngine({ standIns: [counting], clock });
  const run = engine.start(wordReport, { files: ["good", "bad"] });

  for (const pause of [200, 400]) {
    (await counting.next({ file: "bad" })).fail(new RangeError("unreadable"));
    await clock.waiting(pause);
    clock.advance(pause);
  }
  (await counting.next({ file: "bad" })).fail(new RangeError("unreadable"));

  await expect(run.result()).rejects.toThrow("unreadable");
  expect(engine.events.executions(writeSummary)).toEqual([]);
});
