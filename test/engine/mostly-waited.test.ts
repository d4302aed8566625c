/** A run that waited more than it worked says so at its end: measured in real threads. */
import type { RunEvent } from "@millrace/core";
import { memoryStore, openEngine } from "@millrace/runtime";
import type { TestProject } from "@millrace/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { handProject } from "./hand-built.js";

const MODULE = `
import { Flow, Task } from "millrace";
import { $site } from "millrace/stamps";
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
export class Waits extends Task { run() { return pause(400); } }
export class Light extends Task { run() { return pause(400); } }
export class Works extends Task {
  run() { for (const end = performance.now() + 400; performance.now() < end; ) Math.sqrt(2); }
}
const four = (flow, task, site) => Promise.all([1, 2, 3, 4].map(() => flow.call(task, {}, $site(site))));
export class Waiting extends Flow { async run() { await four(this, Waits, "Waiting.run#Waits@x"); } }
export class Sharing extends Flow { async run() { await four(this, Light, "Sharing.run#Light@x"); } }
export class Working extends Flow { async run() { await four(this, Works, "Working.run#Works@x"); } }
`;

let project: TestProject;
beforeAll(async () => {
  const flows = { Waiting: {}, Sharing: {}, Working: {} };
  project = await handProject({
    module: MODULE,
    tasks: { Waits: {}, Light: { options: { io: true } }, Works: {} },
    flows,
  });
});
afterAll(() => project.remove());

async function warnings(flow: string): Promise<readonly RunEvent[]> {
  const engine = await openEngine({ cwd: project.root, threads: 2, store: memoryStore(), observers: [] });
  const found: RunEvent[] = [];
  const run = engine.start(flow, {});
  for await (const event of run.events()) {
    if (event.type === "warning" && event.code === "mostly-waited") found.push(event);
  }
  await engine.close();
  return found;
}

it("what waits in threads of its own is named, with the option that mends it", async () => {
  expect(await warnings("Waiting")).toMatchObject([
    {
      message: expect.stringMatching(
        /^Steps had threads to themselves for [\d.]+ s and computed for [\d.]+ m?s of it\.$/,
      ),
      hint: expect.stringContaining("io: true to Waits."),
    },
  ]);
});

it.each(["Sharing", "Working"])("nothing is said of %s", async (flow) => {
  expect(await warnings(flow)).toEqual([]);
});
