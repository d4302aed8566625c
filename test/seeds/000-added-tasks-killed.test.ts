/** Scenario 15 of the first ancestor, killed: wherever the process of a project dies, what its tasks add is neither lost nor added twice. */
import { existsSync, readFileSync } from "node:fs";
import { createTestProject, type TestProject } from "@millrace/testing";
import { afterAll, beforeAll, expect, it } from "vitest";

const MINUTE = 60_000;

let built: TestProject;
beforeAll(async () => {
  built = await createTestProject({ from: new URL("../cli/fixtures/hello", import.meta.url) });
  await built.flow("build");
}, 2 * MINUTE);
afterAll(() => built.remove());

/** Each task notes its name when it begins. */
const noting = (name: string, cmd = "true", more: object = {}) => ({
  name,
  cmd: `echo ${name} >> began; ${cmd}`,
  ...more,
});
const adding = (name: string, ...tasks: readonly object[]) =>
  noting(name, `printf %s '${JSON.stringify(tasks)}' > "$MILLRACE_TASKS"`, { adds: "part-.*" });

const part = (name: string) => ({ name, cmd: `echo ${name} >> began` });
const SOURCE = [
  { ...adding("split", part("part-1"), part("part-2"), { ...adding("part-3"), cmd: "bash inner.sh" }), after: "fetch" },
  noting("fetch"),
  noting("report", "true", { "after-re": "part-.*" }),
  noting("other", "true", { after: "split" }),
];
/** What the third one adds. */
const INNER = `echo part-3 >> began
printf %s '${JSON.stringify([part("part-3-a"), part("part-3-b")])}' > "$MILLRACE_TASKS"`;
const PARTS = ["part-1", "part-2", "part-3", "part-3-a", "part-3-b"];

/** Tasks as they stand at the end, and the order in which they began. */
interface Ended {
  readonly tasks: readonly object[];
  readonly began: readonly string[];
}

/** Runs the project to its end, killing as many processes as failpoints are given. Undefined if the first one was not reached. */
async function lives(failpoints: readonly string[]): Promise<Ended | undefined> {
  const project = await built.copy();
  try {
    project.write("main.yaml", JSON.stringify(SOURCE));
    project.write("inner.sh", INNER);
    for (const [i, MILLRACE_FAILPOINT] of failpoints.entries()) {
      const { signal } = await project.start(["project", "run", "main.yaml"], { env: { MILLRACE_FAILPOINT } }).done;
      if (signal !== "SIGKILL" && i === 0) return undefined;
    }
    expect(await project.flow("project", "run", "main.yaml")).toMatchObject({ code: 0 });
    const { tasks } = (await project.flow("tasks", "--json")).json() as { tasks: readonly Record<string, unknown>[] };
    const file = project.path("began");
    return {
      tasks: tasks.map(({ name, source, addedBy, state, identity }) => ({ name, source, addedBy, state, identity })),
      began: existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [],
    };
  } finally {
    await project.remove();
  }
}

it("15. at many instants, once and twice, a project ends as an undisturbed one does", {
  timeout: 10 * MINUTE,
}, async () => {
  const undisturbed = await lives([]);
  expect(undisturbed?.tasks).toHaveLength(4 + PARTS.length);
  expect([...(undisturbed?.began ?? [])].sort()).toEqual([...PARTS, "fetch", "other", "report", "split"].sort());
  let kills = 0;
  for (let nth = 1; ; nth += 5) {
    const ended = await lives([`any:${nth}`, ...(nth % 2 === 0 ? [`any:${nth + 30}`] : [])]);
    if (!ended) break;
    kills++;
    const at = `killed at instant ${nth}`;
    expect(ended.tasks, at).toEqual(undisturbed?.tasks);
    // Who waits for the pattern never runs before one of them is complete, in no life.
    const last = Math.max(...PARTS.map((name) => ended.began.lastIndexOf(name)));
    expect(ended.began.indexOf("report"), at).toBeGreaterThan(last);
    // Each process runs a task once at most: nothing was there twice.
    for (const name of [...PARTS, "report"])
      expect(ended.began.filter((one) => one === name).length, `${name}, ${at}`).toBeLessThanOrEqual(3);
  }
  console.log(`killed at ${kills} instants`);
  expect(kills).toBeGreaterThan(10);
});
