/** A flow body that holds the main thread is told of once it lets go: to who listens, and in the log of its flow. */
import type { RunEvent } from "@millrace/core";
import { memoryStore, openEngine } from "@millrace/runtime";
import { expect, it } from "vitest";
import { handProject } from "./hand-built.js";

const MODULE = `
import { Flow } from "millrace";
import { $site } from "millrace/stamps";
const hold = (ms) => { for (const end = performance.now() + ms; performance.now() < end; ); };
export class Holding extends Flow {
  async run() {
    await this.step("first", () => 1, $site("Holding.run#step:first"));
    hold(600);
    await null;
    hold(600);
    await this.step("second", () => 2, $site("Holding.run#step:second"));
    await this.step("third", () => 3, $site("Holding.run#step:third"));
  }
}
`;

it("is named with its last step and its time, once", async () => {
  await using project = await handProject({ module: MODULE, flows: { Holding: {} } });
  const engine = await openEngine({ cwd: project.root, store: memoryStore(), executor: "inline" });
  const run = engine.start("Holding", {}, { id: "holding" });
  const told: RunEvent[] = [];
  for await (const event of run.events()) told.push(event);
  await engine.close();
  const isSlow = (event: RunEvent): boolean => event.type === "warning" && event.code === "slow-body";
  expect(told.filter(isSlow)).toMatchObject([
    {
      message: expect.stringMatching(
        /^The code of flow Holding held the main thread for \d.* s, after .*first.*\.$/,
      ) as string,
      hint: expect.stringContaining("into a task") as string,
    },
  ]);
  // In its place among the others, not at the end.
  const settled = told.flatMap((event, i) => (event.type === "step-settled" ? [i] : []));
  expect(told.findIndex(isSlow)).toBeLessThan(settled[1] as number);
  expect(project.read(".flow/logs/holding/flow.jsonl")).toContain("slow-body");
});
