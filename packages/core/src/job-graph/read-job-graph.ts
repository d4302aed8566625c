/** Reads what claims to be a job graph: its form, its order, what its nodes run. Finds all that is wrong, throws once. */
import { checkOrder } from "./check-order.js";
import { checkRun, type JobGraphSurroundings } from "./check-runs.js";
import { type JobGraphIssue, type Refusal, type Report, refusal, reportTo } from "./issue.js";
import { graphName, type JobGraph } from "./job-graph.js";
import { type GraphShape, readShape } from "./read-shape.js";

const REFUSAL: Refusal = {
  code: "job-graph-invalid",
  summary: "The job graph cannot be run",
  whole: "The graph",
  page: "docs/job-graphs.md",
};

/**
 * The graph, once nothing is wrong with it.
 * @throws MillraceError `job-graph-invalid`, whose data lists every issue with its path.
 */
export function readJobGraph(given: unknown, around: JobGraphSurroundings): JobGraph {
  const issues: JobGraphIssue[] = [];
  const report = reportTo(issues);
  const shape = readShape(given, report);
  // Checked above: whatever is no graph has been reported.
  const graph = given as JobGraph;
  if (shape) {
    checkWithin(shape, around, report);
    if (issues.length === 0 && Object.hasOwn(around.manifest.flows, graphName(graph)))
      report("name", `is "${graphName(graph)}", and so is a flow's: nobody could tell their runs apart`);
  }
  if (issues.length > 0) throw refusal(issues, REFUSAL);
  return graph;
}

function checkWithin(shape: GraphShape, around: JobGraphSurroundings, report: Report): void {
  checkOrder(shape, report);
  for (const placed of shape.nodes) {
    checkRun(placed, around, report);
    if (placed.inner) checkWithin(placed.inner, around, report);
  }
}
