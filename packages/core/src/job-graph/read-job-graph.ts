/** Reads what claims to be a job graph: its form, its order, what its nodes run. Finds all that is wrong, throws once. */
import { MillraceError } from "../errors/millrace-error.js";
import { checkOrder } from "./check-order.js";
import { checkRun, type JobGraphSurroundings } from "./check-runs.js";
import type { JobGraphIssue, Report } from "./issue.js";
import { graphName, type JobGraph } from "./job-graph.js";
import { type GraphShape, readShape } from "./read-shape.js";

/** So many issues stand in the message; the data holds all. */
const SHOWN = 20;

/**
 * The graph, once nothing is wrong with it.
 * @throws MillraceError `job-graph-invalid`, whose data lists every issue with its path.
 */
export function readJobGraph(given: unknown, around: JobGraphSurroundings): JobGraph {
  const issues: JobGraphIssue[] = [];
  const report: Report = (path, message, within = "") =>
    issues.push({ path, message, ...(within === "" ? {} : { within }) });
  const shape = readShape(given, report);
  // Checked above: whatever is no graph has been reported.
  const graph = given as JobGraph;
  if (shape) {
    checkWithin(shape, around, report);
    if (issues.length === 0 && Object.hasOwn(around.manifest.flows, graphName(graph)))
      report("name", `is "${graphName(graph)}", and so is a flow's: nobody could tell their runs apart`);
  }
  if (issues.length > 0) throw invalidGraph(issues);
  return graph;
}

function checkWithin(shape: GraphShape, around: JobGraphSurroundings, report: Report): void {
  checkOrder(shape, report);
  for (const placed of shape.nodes) {
    checkRun(placed, around, report);
    if (placed.inner) checkWithin(placed.inner, around, report);
  }
}

function invalidGraph(issues: readonly JobGraphIssue[]): MillraceError {
  const lines = issues
    .slice(0, SHOWN)
    .map(({ path, message }) => `  ${path === "" ? "The graph" : path} ${message.replace(/(?<![.?!])$/, ".")}`);
  if (issues.length > SHOWN) lines.push(`  … and ${issues.length - SHOWN} more.`);
  return new MillraceError("job-graph-invalid", `The job graph cannot be run:\n${lines.join("\n")}`, {
    hint: "Correct what the paths name. docs/job-graphs.md describes the document.",
    data: { issues },
  });
}
