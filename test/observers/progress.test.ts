/** The live display in a program of one's own: frames on a terminal, lines elsewhere. */
import { PassThrough } from "node:stream";
import { defineFlow, defineTask } from "@millrace/sdk";
import { controlled, openTestEngine } from "@millrace/testing";
import { progressObserver } from "millrace/progress";
import { expect, test } from "vitest";

const work = defineTask({ id: "Work", run: (_: { x: number }): number => 0 });
const report = defineFlow({ id: "Report", run: (_: object, body) => body.call(work, { x: 1 }) });

async function shown(terminal: object): Promise<string> {
  let text = "";
  const stream = new PassThrough();
  stream.on("data", (chunk) => {
    text += String(chunk);
  });
  // Safe: the display uses no more of a stream than these.
  const target = Object.assign(stream, terminal) as unknown as NodeJS.WriteStream;
  const works = controlled(work);
  const display = progressObserver({ stream: target });
  await using engine = await openTestEngine({ standIns: [works], observers: [display] });
  const run = engine.start(report, {}, { id: "r" });
  const attempt = await works.next();
  // Draws at once, instead of with the next tick of its timer.
  display.say("look");
  attempt.finish(7);
  expect(await run.result()).toBe(7);
  return text;
}

test("a pipe gets a line for each thing that happens", async () => {
  const lines = (await shown({})).split("\n");
  expect(lines).toEqual([
    expect.stringMatching(/info {2}Report started as run r/),
    "look",
    expect.stringMatching(/info {2}Work done in /),
    expect.stringMatching(/info {2}Report succeeded in .* \(1 step\)/),
    "",
  ]);
});

test("a terminal shows counts and what runs, below the lines", async () => {
  const term = process.env.TERM;
  process.env.TERM = "xterm";
  const text = await shown({ isTTY: true, columns: 80, rows: 24 });
  if (term === undefined) delete process.env.TERM;
  else process.env.TERM = term;
  expect(text).toContain("0 of 1 steps");
  expect(text).toMatch(/▸\S* Work/);
  expect(text).toContain("look\n");
});
