/**
 * Graphs of flows kept from one build to the next of the same process. What the walk of a flow gives rests on what its module
 * means and, beyond that, on what the whole project makes of the modules that it leads to: sites, what reaches a step, and
 * which classes inherit. While all of that is the same, so is the graph.
 */
import { appendTo, type Diagnostic, type FlowGraph } from "@millrace/core";
import type { SourceFile, ts } from "ts-morph";
import type { CallTarget } from "../calls/resolve-target.js";
import type { Declared } from "../project/declared.js";
import type { Analysis } from "./analysis.js";
import type { Invocation } from "./implicit-calls.js";

/** What is known of a flow when it has been walked. */
export interface WalkedFlow {
  readonly graph: FlowGraph;
  /** What is wrong with it and with the code that it runs. */
  readonly diagnostics: readonly Diagnostic[];
}

/** What a flow rests on: equal if all parts are. */
type Ground = readonly unknown[];

/** Flows of one project. Whoever keeps it drops it when compiler options may have changed. */
export class KeptFlows {
  readonly #kept = new WeakMap<ts.Node, { readonly ground: Ground; readonly walked: WalkedFlow }>();

  /** The flow as it was walked before if what it rests on is the same; else walks it. */
  get(flow: Declared, ground: Ground, walk: () => WalkedFlow): WalkedFlow {
    const node = flow.form.node.compilerNode;
    const known = this.#kept.get(node);
    if (known?.ground.length === ground.length && known.ground.every((part, n) => part === ground[n]))
      return known.walked;
    const walked = walk();
    this.#kept.set(node, { ground, walked });
    return walked;
  }
}

/** Says what each flow rests on. */
export function groundsOf(analysis: Omit<Analysis, "report">): (flow: Declared) => Ground {
  const { model, callables } = analysis;
  const { modules } = model;
  const files = new Map(model.files.map((file) => [file.compilerNode, file]));
  const footing = footings(analysis);
  return (flow) => {
    // A set that grows while it is walked: each is met once.
    const met = new Set<SourceFile>([flow.form.node.getSourceFile()]);
    for (const file of met) {
      for (const tree of modules.importedBy(file.compilerNode)) {
        const imported = files.get(tree);
        if (imported) met.add(imported);
      }
      // Not imported, but their methods run where those of the file are called.
      for (const heir of callables.heirsOf(file)) met.add(heir);
    }
    return [...met].flatMap((file) => [modules.meaningOf(file.compilerNode), footing.get(file) ?? ""]);
  };
}

/** For each file, what the project as a whole makes of it, as text. */
function footings({ reach, sites, framed }: Omit<Analysis, "report">): ReadonlyMap<SourceFile, string> {
  const parts = new Map<SourceFile, unknown[]>();
  const add = (node: Invocation | Parameters<typeof reach.reaches>[0], ...part: readonly unknown[]): void =>
    appendTo(parts, node.getSourceFile(), [node.getPos(), node.getEnd(), ...part]);
  for (const [node, site] of sites) {
    const call = reach.calls.get(node as Parameters<typeof reach.calls.get>[0]); // others have none
    add(node, site, framed.has(node), reach.procedures.has(node), call?.target && described(call.target));
  }
  for (const callable of reach.reaching) add(callable);
  return new Map([...parts].map(([file, own]) => [file, JSON.stringify(own)]));
}

function described({ type, candidates, open, reason }: CallTarget): unknown {
  return [type, candidates.map(({ id, kind }) => [id, kind]), open, reason];
}
