/** The first ancestor's resources, by the number of the scenario, over random projects: 19. */
import {
  buildTasks,
  EMPTY_PROJECT,
  foldOutcome,
  mergeProject,
  projectGraph,
  type RecordedProject,
} from "@millrace/jobs";
import { openTestEngine } from "@millrace/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomOf } from "../diagnostics/mutation.js";
import { RandomPlace, type RandomTask, randomTasks, TOTALS } from "./random-projects.js";

async function run(tasks: readonly object[], seed: number): Promise<{ project: RecordedProject; place: RandomPlace }> {
  const merged = mergeProject(EMPTY_PROJECT, buildTasks(tasks), "main");
  const { graph } = projectGraph(merged);
  if (!graph) throw new Error("there is nothing to run");
  const place = new RandomPlace(randomOf(seed));
  await using engine = await openTestEngine({ commands: place, resources: TOTALS, maxConcurrency: 1_000 });
  const going = engine.start(graph);
  await going.outcome();
  const steps = [];
  for await (const step of going.steps()) steps.push(step);
  return { project: foldOutcome(merged, steps), place };
}

describe("19. resources", () => {
  it("tasks of 3 and of 2 cpus never overlap where there are 4, whatever the order in which they end", {
    timeout: 120_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(3, 2), { minLength: 2, maxLength: 12 }),
        fc.nat(),
        async (all, seed) => {
          const tasks = all.map((cpus, i) => ({ name: `c${cpus}-${i}`, cmd: "exit 0", cpus }));
          const { project, place } = await run(tasks, seed);
          expect(project.tasks.every(({ state }) => state === "complete")).toBe(true);
          for (const [name, others] of place.beside) {
            if (name.startsWith("c3")) expect(others).toEqual([]);
            else expect(others.filter((other) => other.startsWith("c3"))).toEqual([]);
          }
          // Two of 2 do, so that the tokens are shared at all.
          expect(place.peaks.cpus).toBe(all.filter((cpus) => cpus === 2).length > 1 ? 4 : Math.max(...all));
        },
      ),
      { seed: 19, numRuns: 25 },
    );
  });

  it("any project of cpus and memory comes to its end, within what there is, in its order", {
    timeout: 120_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(randomTasks(24), fc.nat(), async (tasks, seed) => {
        const { project, place } = await run(tasks, seed);
        expect(place.peaks.cpus).toBeLessThanOrEqual(TOTALS.cpus);
        expect(place.peaks.memory).toBeLessThanOrEqual(TOTALS.memory);
        expect(project.tasks.map(({ name, state }) => `${name} ${state}`)).toEqual(expectedStates(tasks));
        const first = new Map([...place.began].reverse().map((name, i) => [name, -i]));
        for (const { from, to } of buildTasks(tasks).edges)
          if (first.has(to)) expect(first.get(from)).toBeLessThan(first.get(to) ?? 0);
        for (const { name, retry, cmd } of tasks)
          if (first.has(name))
            expect(place.began.filter((one) => one === name)).toHaveLength(cmd === "exit 0" ? 1 : retry + 1);
      }),
      { seed: 19, numRuns: 60 },
    );
  });

  it("the same seed ends the same", async () => {
    const [tasks] = fc.sample(randomTasks(24), { seed: 7, numRuns: 1 }) as [readonly RandomTask[]];
    const [one, two] = [await run(tasks, 5), await run(tasks, 5)];
    expect(one.place.began).toEqual(two.place.began);
  });
});

/** What fails fails, what waits for it is skipped, all else is complete. */
function expectedStates(tasks: readonly RandomTask[]): readonly string[] {
  const { edges } = buildTasks(tasks);
  const bad = new Map<string, string>();
  // In the order of the source every task stands behind what it waits for.
  for (const { name, cmd } of tasks) {
    if (edges.some(({ from, to }) => to === name && bad.has(from))) bad.set(name, "skipped");
    else if (cmd !== "exit 0") bad.set(name, "failed");
  }
  return tasks.map(({ name }) => `${name} ${bad.get(name) ?? "complete"}`);
}
