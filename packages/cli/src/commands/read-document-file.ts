/** A job graph, a flow spec or a rule set from a JSON file. */
import { readFile } from "node:fs/promises";
import {
  type JobGraph,
  type JobGraphSurroundings,
  type Manifest,
  MillraceError,
  type RuleSet,
  readJobGraph,
  readRuleSet,
} from "@millrace/core";
import type { FlowSpec, JobDocument } from "@millrace/jobs";

/**
 * What the file holds: a rule set is told by its `rules`, a spec by its `tasks`. What is none inside is found by whoever reads it.
 * @throws MillraceError `job-graph-invalid`, `flow-spec-invalid`.
 */
export async function readDocumentFile(file: string): Promise<JobDocument> {
  const content = await readObject(file);
  if ("rules" in content && !("nodes" in content)) return { rules: content as RuleSet };
  return { graph: await asGraph(content) };
}

/** A graph whose form, order and names are right; its values and functions are the engine's to check. @throws MillraceError `job-graph-invalid`. */
export function readWithoutValues(graph: JobGraph, manifest: Manifest): JobGraph {
  return readJobGraph(graph, anyValues(manifest));
}

/** The same for a rule set. @throws MillraceError `rules-invalid`. */
export function readRulesWithoutValues(rules: RuleSet, manifest: Manifest): RuleSet {
  return readRuleSet(rules, anyValues(manifest));
}

function anyValues(manifest: Manifest): JobGraphSurroundings {
  return { manifest, locals: { has: () => true, keys: () => [] }, check: () => [] };
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
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw unreadable("cannot be read", cause);
  });
  const { readJson } = await import("@millrace/jobs");
  const read = readJson({ file, text });
  if ("wrong" in read) {
    const { span, message } = read.wrong;
    throw unreadable(`cannot be read as JSON, at ${file}:${span.line}:${span.column}: ${message.replace(/\.$/, "")}`);
  }
  if (typeof read.value === "object" && read.value !== null) return read.value;
  throw unreadable("holds no job graph");
}
