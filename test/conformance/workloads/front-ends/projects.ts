/** Projects: the work is done by commands, whose data are files and what they print. */
import type { MillraceError } from "@millrace/core";
import { buildTasks, EMPTY_PROJECT, mergeProject, projectGraph } from "@millrace/jobs";
import { observedRun } from "../observed-run.js";
import { NAMES, type Workload } from "../workload.js";
import type { FrontEnd, Way } from "./front-end.js";

const TASKS: Readonly<Record<Workload, readonly object[]>> = {
  diamond: [
    { name: "seed", cmd: "echo 3 | tee seed.txt", output: "seed.txt" },
    { name: "double", cmd: "echo $((2 * $(cat seed.txt))) | tee double.txt", input: "seed.txt", output: "double.txt" },
    {
      name: "square",
      cmd: "n=$(cat seed.txt); echo $((n * n)) | tee square.txt",
      input: "seed.txt",
      output: "square.txt",
    },
    { name: "sum", cmd: "echo $(($(cat double.txt) + $(cat square.txt)))", input: ["double.txt", "square.txt"] },
  ],
  "second-wind": [
    { name: "seed", cmd: "echo 3 | tee seed.txt", output: "seed.txt" },
    {
      name: "flaky",
      cmd: "echo again >> tries.txt; test $(wc -l < tries.txt) -ge 3 && echo $(($(cat seed.txt) + 1)) | tee flaky.txt",
      input: "seed.txt",
      output: "flaky.txt",
      retry: 2,
    },
    { name: "double", cmd: "echo $((2 * $(cat flaky.txt)))", input: "flaky.txt" },
  ],
  "five-items": [0, 1, 2, 3, 4].map((i) => ({
    name: `item-${i}`,
    cmd: i === 2 ? "echo item 2 is spoilt >&2; exit 1" : `echo $((10 * ${i}))`,
  })),
};

function way(workload: Workload): Way {
  return {
    run({ engine, folder }) {
      const tasks = TASKS[workload].map((task) => ({ ...task, cwd: folder }));
      const { graph } = projectGraph(mergeProject(EMPTY_PROJECT, buildTasks(tasks), workload));
      if (!graph) throw new Error("There is nothing to run.");
      return observedRun(workload, engine.start(graph), {
        name: ({ node }) => node,
        // What a command gives is what it has printed.
        value: (result) => Number((result as { readonly stdout: string }).stdout),
        error: (error) => String((error as MillraceError).data.stderr).trim(),
      });
    },
  };
}

export const projects: FrontEnd = {
  name: "project",
  on: "commands",
  ways: Object.fromEntries(NAMES.map((workload) => [workload, way(workload)])) as FrontEnd["ways"],
};
