/** A project for those who draw it: all of its tasks, whether they are to run or have, as a job graph, with what became of each. */
import {
  graphName,
  JOB_GRAPH_VERSION,
  type JobGraph,
  type NodeOutcome,
  nodeKey,
  rootPlace,
  type StepKey,
  type StepState,
} from "@millrace/core";
import { taskNode } from "./project-graph.js";
import { type RecordedProject, type RecordedTask, runningEdges, type TaskState } from "./recorded-project.js";

/** What drawJobGraph takes. */
export interface ProjectPicture {
  readonly graph: JobGraph;
  /** Of a task that is new there is none. */
  readonly outcomes: ReadonlyMap<StepKey, NodeOutcome>;
}

const STATES: Readonly<Partial<Record<TaskState, StepState>>> = {
  pending: "pending",
  complete: "succeeded",
  failed: "failed",
  skipped: "skipped",
};

/** Some tasks of a project, orphaned ones left out, and what they wait for among them. */
export function projectPicture(project: RecordedProject, tasks: readonly RecordedTask[]): ProjectPicture {
  const shown = tasks.filter(({ state }) => state !== "orphaned");
  const names = new Set(shown.map(({ name }) => name));
  const graph: JobGraph = {
    version: JOB_GRAPH_VERSION,
    name: "project",
    policy: "skip-dependents",
    nodes: shown.map((task) => taskNode(task)),
    edges: runningEdges(project)
      .filter(({ from, to }) => names.has(from) && names.has(to))
      .map(({ from, to }) => ({ from, to })),
  };
  const place = rootPlace(graphName(graph));
  const outcomes = shown.flatMap(({ name, state, outcome }): readonly (readonly [StepKey, NodeOutcome])[] => {
    const known = STATES[state];
    return known ? [[nodeKey(place, name), { state: known, source: null, attempts: outcome?.attempts ?? 0 }]] : [];
  });
  return { graph, outcomes: new Map(outcomes) };
}
