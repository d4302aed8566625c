/**
 * The static graph of every flow, the stamps that let a running body announce its place in it, and what is wrong with
 * flow bodies. Reads as its stages; called by the compiler after it has found the declarations.
 */
import { compareDiagnostics, type Diagnostic, type FlowGraph } from "@millrace/core";
import type { Declared } from "../project/declared.js";
import { KeptByGround } from "../project/kept-by-ground.js";
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
import { findGrounds, type GroundOf } from "./grounds.js";
import { computeReach } from "./reach.js";
import { assignSites, type Sites } from "./sites.js";
import { type SourceEdit, stampProject } from "./stamp-edits.js";
import { walkFlow } from "./walk/walk-flow.js";

export type { SourceEdit } from "./stamp-edits.js";

/** What is known of a flow when it has been walked. */
export interface WalkedFlow {
  readonly graph: FlowGraph;
  /** What is wrong with it and with the code that it runs. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Walked flows of earlier builds, by the nodes of their declarations. */
export type KeptFlows = KeptByGround<WalkedFlow>;

/** What the analysis gives. */
export interface FlowsResult {
  /** By flow id. */
  readonly graphs: ReadonlyMap<string, FlowGraph>;
  readonly sites: Sites;
  /** The functions of the project, for the checks. */
  readonly callables: Callables;
  /** What results about a file rest on. */
  readonly groundOf: GroundOf;
  /** Stamps, for compiled code only. */
  readonly edits: readonly SourceEdit[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Analyses all flows of a project. Flows that rest on what they rested on before are taken from `kept`. */
export function analyseFlows(model: ProjectModel, kept: KeptFlows = new KeptByGround()): FlowsResult {
  const callables = findCallables(model);
  const reach = computeReach(model, callables);
  const sites = assignSites(model, reach);
  const { edits, framed } = stampProject({ callables, reach, sites });
  const foreign = findForeignPromises(model, callables);
  const known = { model, callables, reach, foreign, sites, framed };
  const groundOf = findGrounds(known);
  const flows = model.declarations
    .filter((declared) => declared.kind === "flow")
    .map((flow) => [flow.id, keptOf(flow, () => walked(flow, known))] as const);
  const found = new Findings();
  for (const [, { diagnostics }] of flows) diagnostics.forEach(found.report);
  const analysis: Analysis = { ...known, report: found.report };
  checkFloating(analysis);
  checkKeptPromises(analysis);
  checkNames(analysis);
  const graphs = new Map(flows.map(([id, { graph }]) => [id, graph]));
  return { graphs, sites, callables, groundOf, edits, diagnostics: found.sorted() };

  function keptOf({ form }: Declared, walk: () => WalkedFlow): WalkedFlow {
    return kept.get(form.node.compilerNode, groundOf(form.node.getSourceFile()), walk);
  }
}

/** Walks one flow, and checks its body and the code that it runs. */
function walked(flow: Declared, known: Omit<Analysis, "report">): WalkedFlow {
  const found = new Findings();
  const analysis: Analysis = { ...known, report: found.report };
  const draft = walkFlow(analysis, flow);
  checkBody(analysis, flow);
  checkAwaits(analysis, flow, draft, checkPurity(analysis, flow));
  return { graph: finishGraph(draft), diagnostics: found.sorted() };
}

/** Diagnostics, each once. */
class Findings {
  readonly #found = new Map<string, Diagnostic>();

  readonly report = (diagnostic: Diagnostic): void => {
    const { code, span, message } = diagnostic;
    const key = JSON.stringify([code, span, message]);
    if (!this.#found.has(key)) this.#found.set(key, diagnostic);
  };

  sorted(): readonly Diagnostic[] {
    return [...this.#found.values()].sort(compareDiagnostics);
  }
}
