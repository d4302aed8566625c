/** An engine without a build: it runs job graphs of commands in a folder where nothing was built, and knows no tasks. */
import { memoryStore, openEngine } from "@millrace/runtime";
import { createTestProject } from "@millrace/testing";
import { expect, test } from "vitest";

test("what a run has on record is read as long as its store is open: one of one's own outlives the engine", async () => {
  await using project = await createTestProject({ nodeModules: false });
  const graph = { version: 1, name: "one", nodes: [{ id: "a", run: { shell: "true" } }], edges: [] } as const;
  for (const store of [undefined, memoryStore()]) {
    const engine = await openEngine({ cwd: project.root, build: "none", ...(store ? { store } : {}) });
    const run = engine.start(graph);
    await run.result();
    await engine.close();
    const states = async (): Promise<readonly string[]> => {
      const all: string[] = [];
      for await (const { state } of run.steps()) all.push(state);
      return all;
    };
    if (store) expect(await states()).toEqual(["succeeded"]);
    else await expect(states()).rejects.toMatchObject({ code: "engine-closed" });
  }
});

test("commands run, fail and go on, and what is no command is refused by name", async () => {
  await using project = await createTestProject({ nodeModules: false });
  const open = () => openEngine({ cwd: project.root, build: "none" });
  const graph = {
    version: 1,
    name: "line",
    nodes: [
      { id: "first", run: { shell: "echo x >> first" } },
      { id: "second", run: { shell: "test -e open" } },
    ],
    edges: [{ from: "first", to: "second" }],
  } as const;
  const engine = await open();
  expect(Object.keys(engine.manifest.tasks)).toEqual([]);
  const run = engine.start(graph);
  expect(await run.outcome()).toMatchObject({ status: "failed" });
  expect(() => engine.start({ ...graph, nodes: [{ id: "first", run: { task: "Fetch" } }], edges: [] })).toThrow(
    "Fetch",
  );
  expect(() => engine.start("Daily" as never)).toThrow('no flow named "Daily"');
  await engine.close();
  await expect(openEngine({ cwd: project.root })).rejects.toMatchObject({
    code: "manifest-missing",
    hint: expect.stringContaining('openEngine({ build: "none" })'),
  });

  project.write("open", "");
  const again = await open();
  const resumed = await again.resume(run.id, { code: "recorded" });
  expect(await resumed.outcome()).toMatchObject({ status: "succeeded" });
  expect(project.read("first")).toBe("x\n");
  await again.close();
});
