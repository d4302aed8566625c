/** A job graph, a flow spec or a rule set from a JSON file. */
import {
  type JobGraph,
  type JobGraphSurroundings,
  type Manifest,
  type RuleSet,
  readJobGraph,
  readRuleSet,
} from "@millrace/core";
import type { FlowSpec, JobDocument } from "@millrace/jobs";
import { readJsonObject } from "./read-json-object.js";

const WHOLE = 'The file holds one object: { "version": 1, "nodes": [], "edges": [] }. docs/job-graphs.md describes it.';

/** A file that has been read. */
export interface DocumentFile {
  readonly document: JobDocument;
  /** Paths of the document lead to places of the file. Those of a graph that a spec has become do not. */
  readonly isAsWritten: boolean;
}

/**
 * What the file holds: a rule set is told by its `rules`, a spec by its `tasks`. What is none inside is found by whoever reads it.
 * @throws MillraceError `job-graph-invalid`, `flow-spec-invalid`.
 */
export async function readDocumentFile(file: string): Promise<DocumentFile> {
  const content = await readJsonObject(file, { code: "job-graph-invalid", what: "job graph", hint: WHOLE });
  if ("nodes" in content) return { document: { graph: content as JobGraph }, isAsWritten: true };
  if ("rules" in content) return { document: { rules: content as RuleSet }, isAsWritten: true };
  if ("tasks" in content) return { document: { graph: await asGraph(content as FlowSpec) }, isAsWritten: false };
  return { document: { graph: content as JobGraph }, isAsWritten: true };
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
async function asGraph(spec: FlowSpec): Promise<JobGraph> {
  const { flowSpecToFlow } = await import("@millrace/jobs");
  return flowSpecToFlow(spec).toJobGraph();
}
