/** Checks before a run begins that none of its steps asks for more than the engine has: such a step could never start. */
import {
  type FlowEntry,
  type GraphNode,
  graphName,
  JOB_GRAPH_VERSION,
  type JobGraph,
  type Manifest,
  mergeOptions,
  type RuleSet,
} from "@millrace/core";
import { type EngineLimits, limitsHere, limitsOf, shortage } from "../steps/admission/limits.js";

/** Looks at every task that the flow's graph names, through its sub-flows too. @throws MillraceError `limit-unmeetable`. */
export function checkLimits(flow: FlowEntry, { tasks, flows }: Manifest, engine: EngineLimits): void {
  const seen = new Set<string>();
  const visit = (entry: FlowEntry): void => {
    if (seen.has(entry.id)) return;
    seen.add(entry.id);
    for (const node of entry.graph.nodes) {
      for (const id of calledBy(node)) {
        const task = tasks[id];
        const limits = task && limitsOf(id, task.options);
        const short = limits && shortage(`Step ${node.id} of ${entry.id}`, limits.needs, engine);
        if (short) throw short;
        const inner = flows[id];
        if (inner) visit(inner);
      }
    }
  };
  visit(flow);
}

/** The same for every rule of a set. @throws MillraceError `limit-unmeetable`. */
export function checkRuleLimits({ rules }: RuleSet, manifest: Manifest, engine: EngineLimits): void {
  const nodes = rules.flatMap(({ name, run, options = {} }) =>
    run ? [{ id: name, run: "rule" in run ? { task: run.rule } : run, options }] : [],
  );
  checkGraphLimits({ version: JOB_GRAPH_VERSION, nodes, edges: [] }, manifest, engine);
}

/** The same for every node of a job graph, through its graphs and sub-flows too. @throws MillraceError `limit-unmeetable`. */
export function checkGraphLimits(graph: JobGraph, manifest: Manifest, engine: EngineLimits): void {
  for (const { id, run, options } of graph.nodes) {
    if ("graph" in run) checkGraphLimits(run.graph, manifest, engine);
    const flow = "flow" in run ? manifest.flows[run.flow] : undefined;
    if (flow) checkLimits(flow, manifest, engine);
    const task = "task" in run ? manifest.tasks[run.task] : undefined;
    const limits =
      "shell" in run || "container" in run
        ? limitsOf(id, options ?? {}, { command: "shell" in run ? "shell" : "container" })
        : task && limitsOf(task.id, mergeOptions(task.options, options));
    const asked = limits && limitsHere(limits, engine);
    const short = asked && shortage(`Node ${id} of ${graphName(graph)}`, asked.needs, engine);
    if (short) throw short;
  }
}

function calledBy(node: GraphNode): readonly string[] {
  switch (node.kind) {
    case "call":
      return [node.task];
    case "background":
      return node.name === undefined ? [] : [node.name];
    case "subflow":
      return [node.flow];
    case "dynamic":
      return node.candidates;
    default:
      return [];
  }
}
