/**
 * The static graph of every flow, the stamps that let a running body announce its place in it, and what is wrong with
 * flow bodies. Reads as its stages; called by the compiler after it has found the declarations.
 */
import { compareDiagnostics, type Diagnostic, type FlowGraph } from "@millrace/core";
import type { ProjectModel } from "../project/model.js";
import type { Analysis } from "./analysis.js";
import { type Callables, findCallables } from "./callables.js";
import { checkAwaits } from "./check-awaits.js";
import { checkBody } from "./check-body.js";
import { checkFloating } from "./check-floating.js";
import { checkKeptPromises } from "./check-kept-promises.js";
import { checkNames } from "./check-names.js";
import { checkPurity } from "./check-purity.js";
import { finishGraph } from "./finish/finish-graph.js";
import { findForeignPromises } from "./foreign-promises.js";
import { computeReach } from "./reach.js";
import { assignSites, type Sites } from "./sites.js";
import { type SourceEdit, stampProject } from "./stamp-edits.js";
import { walkFlow } from "./walk/walk-flow.js";

export type { SourceEdit } from "./stamp-edits.js";

/** What the analysis gives. */
export interface FlowsResult {
  /** By flow id. */
  readonly graphs: ReadonlyMap<string, FlowGraph>;
  readonly sites: Sites;
  /** The functions of the project, for the checks. */
  readonly callables: Callables;
  /** Stamps, for compiled code only. */
  readonly edits: readonly SourceEdit[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Analyses all flows of a project. */
export function analyseFlows(model: ProjectModel): FlowsResult {
  const callables = findCallables(model);
  const reach = computeReach(model, callables);
  const sites = assignSites(model, reach);
  const { edits, framed } = stampProject({ callables, reach, sites });
  const found = new Map<string, Diagnostic>();
  const report = (diagnostic: Diagnostic): void => {
    const { code, span, message } = diagnostic;
    const key = JSON.stringify([code, span, message]);
    if (!found.has(key)) found.set(key, diagnostic);
  };
  const foreign = findForeignPromises(model, callables);
  const analysis: Analysis = { model, callables, reach, foreign, sites, framed, report };
  const flows = model.declarations.filter((declared) => declared.kind === "flow");
  const drafts = new Map(flows.map((flow) => [flow, walkFlow(analysis, flow)]));
  for (const [flow, draft] of drafts) {
    checkBody(analysis, flow);
    checkAwaits(analysis, flow, draft, checkPurity(analysis, flow));
  }
  checkFloating(analysis);
  checkKeptPromises(analysis);
  checkNames(analysis);
  const graphs = new Map([...drafts].map(([flow, draft]) => [flow.id, finishGraph(draft)]));
  return { graphs, sites, callables, edits, diagnostics: [...found.values()].sort(compareDiagnostics) };
}
