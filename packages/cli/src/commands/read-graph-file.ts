/** A job graph, or a flow spec, from a JSON file. */
import { readFile } from "node:fs/promises";
import { type JobGraph, type Manifest, MillraceError, readJobGraph } from "@millrace/core";
import type { FlowSpec } from "@millrace/jobs";

/** The graph; a spec is told by its `tasks`. What is no graph inside is found by whoever reads it. @throws MillraceError `job-graph-invalid`, `flow-spec-invalid`. */
export async function readGraphFile(file: string): Promise<JobGraph> {
  return asGraph(await readObject(file));
}

/** A graph whose form, order and names are right; its values and functions are the engine's to check. @throws MillraceError `job-graph-invalid`. */
export function readWithoutValues(graph: JobGraph, manifest: Manifest): JobGraph {
  return readJobGraph(graph, { manifest, locals: { has: () => true, keys: () => [] }, check: () => [] });
}

/** A flow spec as the graph that an engine runs. What is no graph inside is found by the engine, with everything else that is wrong. */
async function asGraph(content: object): Promise<JobGraph> {
  if (!("tasks" in content) || "nodes" in content) return content as JobGraph;
  const { flowSpecToFlow } = await import("@millrace/jobs");
  // The reader says what is no spec.
  return flowSpecToFlow(content as FlowSpec).toJobGraph();
}

async function readObject(file: string): Promise<object> {
  const unreadable = (reason: string, cause?: unknown): MillraceError =>
    new MillraceError("job-graph-invalid", `${file} ${reason}.`, {
      hint: 'The file holds one object: { "version": 1, "nodes": [], "edges": [] }. docs/job-graphs.md describes it.',
      data: { file },
      cause,
    });
  try {
    const content: unknown = JSON.parse(await readFile(file, "utf8"));
    if (typeof content === "object" && content !== null) return content;
  } catch (cause) {
    throw unreadable("cannot be read as JSON", cause);
  }
  throw unreadable("holds no job graph");
}
