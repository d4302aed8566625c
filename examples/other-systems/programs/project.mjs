/** Commands on record in project.yaml: what is complete is not run again, what has changed is. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { openEngine } from "millrace/engine";
import {
  buildTasks,
  EMPTY_PROJECT,
  foldOutcome,
  mergeProject,
  projectGraph,
  readProject,
  writeProject,
} from "millrace/jobs";

const recorded = existsSync("project.yaml") ? readProject(readFileSync("project.yaml", "utf8")).project : EMPTY_PROJECT;
const source = new URL("tasks.yaml", import.meta.url);
const merged = mergeProject(recorded, buildTasks(readFileSync(source, "utf8"), { file: "tasks.yaml" }), "tasks");
const { graph } = projectGraph(merged);
if (graph) {
  const engine = await openEngine();
  const run = engine.start(graph);
  await run.outcome();
  const steps = [];
  for await (const step of run.steps()) steps.push(step);
  await engine.close();
  writeFileSync("project.yaml", writeProject(foldOutcome(merged, steps)));
  for (const { step, state, value } of steps) console.log(step.node, state, value?.stdout?.trim() ?? "");
} else console.log("nothing to do");
