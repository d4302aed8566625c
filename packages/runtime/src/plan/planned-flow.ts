/** A flow's body in a plan: what depends on a step that runs is unknown, by data and control edges of its graph. */
import type { ActivationPath, Decision, GraphIndex, GraphNode, PlannedStep } from "@millrace/core";
import type { Draft, UnitSettled } from "../steps/unit.js";
import { dependsOn, type PlannedBody, type PlannedCall, type RunningStep, type UnitEnd } from "./planned-body.js";
import { Tainted } from "./tainted.js";

/** What a flow's body is planned with. */
export interface PlannedFlowSpec {
  readonly path: ActivationPath;
  /** Undefined if the build has none. */
  readonly graph: GraphIndex | undefined;
  /** Why all of it is unknown: its parameters are a guess. */
  readonly because: string | undefined;
}

/** One body of a flow. */
export class PlannedFlow implements PlannedBody {
  readonly mayLoop = true;
  readonly #graph: GraphIndex | undefined;
  readonly #because: string | undefined;
  readonly #tainted: Tainted | undefined;
  /** Nodes that it has called. */
  readonly #reached = new Set<string>();

  constructor({ path, graph, because }: PlannedFlowSpec) {
    this.#graph = graph;
    this.#because = because;
    this.#tainted = graph && new Tainted(path, graph);
  }

  get isDoubtful(): boolean {
    return this.#because !== undefined || (this.#tainted?.nodes.size ?? 0) > 0;
  }

  doubtOf({ place: { node }, path }: PlannedCall): string | undefined {
    this.#reached.add(node);
    const cause = this.#tainted?.causeOf({ node, path });
    return this.#because ?? (cause === undefined ? undefined : dependsOn(cause));
  }

  /** Its parameters are a guess: it must not take the record of another call. */
  guess({ nearest }: PlannedCall): Decision<UnitSettled> {
    return { verdict: "runs", nearest };
  }

  runs({ node, path, cause }: RunningStep): void {
    this.#tainted?.mark({ node, path }, cause);
  }

  /** Its code sees what comes of a guess. */
  endOf(draft: Draft & UnitEnd): Draft {
    return draft;
  }

  settled(): void {}

  restored(): void {}

  /** It was to run, and began. */
  aborted(): void {}

  asksFor(): boolean {
    return false;
  }

  unreached(): readonly PlannedStep[] {
    return [...(this.#tainted?.nodes ?? [])].flatMap(([node, cause]) => {
      const task = this.#reached.has(node) ? undefined : taskOf(this.#graph?.node(node));
      return task === undefined ? [] : [{ node, task, verdict: "unknown" as const, because: dependsOn(cause) }];
    });
  }
}

function taskOf(node: GraphNode | undefined): string | undefined {
  switch (node?.kind) {
    case "call":
      return node.task;
    case "subflow":
      return node.flow;
    case "step":
    case "sleep":
    case "wait":
    case "background":
      return node.name ?? node.id;
    case "dynamic":
      return node.candidates.join("|") || node.id;
    default:
      return undefined;
  }
}
