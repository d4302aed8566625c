/**
 * A job graph in a plan. What is given the result of a step that runs is unknown, and so is what such a node may keep from beginning: one that
 * has failed on record fails again if it is given the same. A graph that ends early makes unknown whatever may be faster.
 */
import {
  type ActivationPath,
  type Decision,
  type GraphOrder,
  type JobGraph,
  type JobNode,
  orderGraph,
  type PlannedStep,
  sourcesOf,
} from "@millrace/core";
import { endsGraph } from "../drivers/graph/ends-graph.js";
import { calleeOf } from "../drivers/graph/node-call.js";
import type { RunPast } from "../runs/run-past.js";
import type { Draft, Place, UnitSettled } from "../steps/unit.js";
import { assumedSuccess } from "./assumed-success.js";
import type { PlanNotes } from "./plan-notes.js";
import { dependsOn, type PlannedBody, type PlannedCall, type RunningStep, type UnitEnd } from "./planned-body.js";

/** What a graph's body is planned with. */
export interface PlannedGraphSpec {
  readonly path: ActivationPath;
  readonly graph: JobGraph;
  readonly notes: PlanNotes;
  readonly past: RunPast;
}

/** One body of a job graph. */
export class PlannedGraph implements PlannedBody {
  readonly mayLoop = false;
  readonly #spec: PlannedGraphSpec;
  readonly #order: GraphOrder;
  /** Nodes whose result nobody knows, by index, and the step because of which. */
  readonly #causes = new Map<number, string>();
  /** Nodes of which nobody knows whether they succeed, and why. */
  readonly #shaky = new Map<number, string>();
  /** What it has asked about. */
  readonly #met = new Set<string>();
  /** Why all is unknown from here on. */
  #over: string | undefined;
  /** How many calls had been met when the first of its own ended that was not on record. */
  #settledSince: number | undefined;

  constructor(spec: PlannedGraphSpec) {
    const { nodes, edges, policy = "skip-dependents" } = spec.graph;
    this.#spec = spec;
    this.#order = orderGraph(nodes, edges, policy);
  }

  get isDoubtful(): boolean {
    return this.#causes.size > 0 || this.#shaky.size > 0 || this.#over !== undefined;
  }

  doubtOf({ place, nearest, unbegun }: PlannedCall): string | undefined {
    this.#met.add(place.node);
    if (this.#over !== undefined) return this.#over;
    const { index, node } = this.#find(place.node);
    if (node.forever && this.#settledSince !== undefined) return "the others may be over before it begins";
    // Nodes are skipped for what is certain: all that a plan makes up succeeds.
    if (unbegun?.state === "skipped") return undefined;
    const cause = this.#causeOf(node);
    const shaky = this.#shakenBy(index, node);
    if (cause === undefined && shaky === undefined) return undefined;
    if (cause !== undefined) this.#causes.set(index, cause);
    const mayFail = shaky ?? (nearest && this.#standsAsFailed(nearest) ? mayHaveFailed(place.node) : undefined);
    if (mayFail !== undefined) {
      this.#shaky.set(index, mayFail);
      if (endsGraph(this.#spec.graph, this.#order, index)) this.#ends(mayFail);
    }
    return cause === undefined ? shaky : dependsOn(cause);
  }

  /** It is taken to have succeeded, with what stands on record: nothing that waits for it is skipped for a guess. */
  guess({ place, nearest }: PlannedCall): Decision<UnitSettled> {
    return { verdict: "restored", by: "key", record: { ...assumedSuccess(place, 0, nearest?.value), seq: 0, at: 0 } };
  }

  runs({ node, cause }: RunningStep): void {
    this.#causes.set(this.#find(node).index, cause);
  }

  /** A sub-flow that fails with what was made up is taken to succeed, as everything that runs; one that fails for a failure on record does fail. */
  endOf(draft: Draft & UnitEnd): Draft {
    if (draft.kind !== "activation-settled" || draft.activation !== "subflow" || draft.state !== "failed") return draft;
    const { notes } = this.#spec;
    const isRecorded = draft.blamed?.some((key) => notes.verdictOf(key) === "restored") === true;
    return isRecorded ? draft : assumedSuccess(draft, draft.endedAt, undefined);
  }

  settled({ node, state }: UnitSettled): void {
    this.#settledSince ??= this.#spec.notes.size;
    if (state === "failed") this.#failed(node);
  }

  restored({ node }: Place, { state }: UnitSettled): void {
    if (state === "failed" && this.#settledSince !== undefined) this.#failed(node);
  }

  /** One that ends with the graph before anything else has happened may not even begin. */
  aborted({ key }: Place): void {
    if (this.#settledSince === undefined) this.#spec.notes.doubt(key, "what it stands in ends as it begins");
  }

  asksFor({ node }: UnitSettled): boolean {
    return this.#met.has(node);
  }

  unreached(): readonly PlannedStep[] {
    return this.#spec.graph.nodes.flatMap((node): PlannedStep[] => {
      if (this.#met.has(node.id)) return [];
      return [{ node: node.id, task: calleeOf(node), verdict: "unknown", because: "the plan ends before it" }];
    });
  }

  /** The step that runs and whose result a node is given, itself or through others. */
  #causeOf(node: JobNode): string | undefined {
    for (const id of sourcesOf(node)) {
      const cause = this.#causes.get(this.#find(id).index);
      if (cause !== undefined) return cause;
    }
    return undefined;
  }

  /** Why a node may be skipped. */
  #shakenBy(index: number, node: JobNode): string | undefined {
    const sources = sourcesOf(node);
    for (const { node: before, policy } of this.#order.before[index] ?? []) {
      const why = this.#shaky.get(before);
      if (why !== undefined && (policy !== "run-dependents" || sources.has(this.#node(before).id))) return why;
    }
    for (const id of sources) {
      const why = this.#shaky.get(this.#find(id).index);
      if (why !== undefined) return why;
    }
    return undefined;
  }

  /** A record of a failure that may serve; one that is given up does not. */
  #standsAsFailed({ key, seq, state }: UnitSettled): boolean {
    return state !== "succeeded" && this.#spec.past.anewAfter(key) !== seq;
  }

  #failed(id: string): void {
    if (endsGraph(this.#spec.graph, this.#order, this.#find(id).index)) this.#ends(`${id} ends the graph meanwhile`);
  }

  #ends(because: string): void {
    const { path, notes } = this.#spec;
    this.#over ??= because;
    notes.doubtAll(path, this.#settledSince ?? notes.size, because);
  }

  #find(id: string): { readonly index: number; readonly node: JobNode } {
    // The reader has seen to it that all ids are those of nodes.
    const index = this.#order.indexOf.get(id) as number;
    return { index, node: this.#node(index) };
  }

  #node(index: number): JobNode {
    // Indices are those of the graph's nodes.
    return this.#spec.graph.nodes[index] as JobNode;
  }
}

function mayHaveFailed(node: string): string {
  return `it waits for ${node}, whose failure on record may stand`;
}
