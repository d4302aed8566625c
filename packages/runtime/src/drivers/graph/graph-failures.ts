/** What failures mean to a graph: who is skipped for them, when all of it ends, and with which error. */
import {
  decodeError,
  type GraphOrder,
  type JobGraph,
  type JobNode,
  MillraceError,
  type SettledState,
  type StepKey,
  type StoredBytes,
  sourcesOf,
} from "@millrace/core";
import type { UnitSettled } from "../../steps/unit.js";
import { endsGraph } from "./ends-graph.js";

/** Names in the message; the data holds all. */
const SHOWN = 5;

/** Folds the outcomes of one graph. */
export class GraphFailures {
  readonly #graph: JobGraph;
  readonly #order: GraphOrder;
  readonly #states: (SettledState | undefined)[];
  /** For each node that did not succeed, the one that it comes from: itself, unless it was skipped. */
  readonly #origins = new Map<number, number>();
  readonly #blamed: StepKey[] = [];
  /** Failed nodes that make the graph fail, and the first one's error. */
  readonly #failed: string[] = [];
  #error: StoredBytes | undefined;
  /** Why nothing begins any more. */
  #ended: { readonly by: number | undefined } | undefined;

  constructor(graph: JobGraph, order: GraphOrder) {
    this.#graph = graph;
    this.#order = order;
    this.#states = graph.nodes.map(() => undefined);
  }

  /** Keys of all that did not succeed, here and inside: a resume of the failed graph tries them again. */
  get blamed(): readonly StepKey[] {
    return this.#blamed;
  }

  /** True once a node that may not fail has failed. */
  get failed(): boolean {
    return this.#failed.length > 0;
  }

  /** Takes an outcome. True if it ends the graph at once. */
  settled(index: number, fact: UnitSettled): boolean {
    this.#states[index] = fact.state;
    if (fact.state === "succeeded") return false;
    const inside = fact.kind === "activation-settled" ? (fact.blamed ?? []) : [];
    this.#blamed.push(fact.key, ...inside);
    if (fact.state !== "failed") return false;
    this.#origins.set(index, index);
    const { id, critical } = this.#node(index);
    if (critical !== false) {
      this.#failed.push(id);
      this.#error ??= fact.error;
    }
    if (this.#ended || !endsGraph(this.#graph, this.#order, index)) return false;
    this.#ended = { by: index };
    return true;
  }

  /** Nothing begins any more, since all others are over. */
  over(): void {
    this.#ended ??= { by: undefined };
  }

  /** Why a node whose time has come does not begin; undefined if it does. */
  skips(index: number): MillraceError | undefined {
    const node = this.#node(index);
    const cause = this.#ended ? this.#ended.by : this.#inTheWay(index, node);
    if (cause === undefined) return this.#ended && skipped(node.id, "the graph was over");
    const origin = this.#origins.get(cause) ?? cause;
    this.#origins.set(index, origin);
    const { id } = this.#node(origin);
    return skipped(node.id, `${id} ${this.#states[origin] ?? "did not succeed"}`, id);
  }

  /** The error of a graph that has failed. */
  error(name: string): MillraceError {
    const [first] = this.#failed;
    const more = this.#failed.length > SHOWN ? `, and ${this.#failed.length - SHOWN} more` : "";
    const cause = this.#error && decodeError(this.#error.read());
    const names = this.#failed.slice(0, SHOWN).join(", ") + more;
    const message =
      this.#failed.length === 1
        ? `${first} of ${name} failed${cause ? `: ${cause.message}` : "."}`
        : `${this.#failed.length} of ${this.#graph.nodes.length} nodes of ${name} failed: ${names}.`;
    return new MillraceError("nodes-failed", message, {
      hint: "A resume tries what failed or was skipped again; what succeeded is kept.",
      data: { graph: name, failed: this.#failed },
      cause,
    });
  }

  /** The first of those before it for whose sake it is skipped. */
  #inTheWay(index: number, node: JobNode): number | undefined {
    const sources = sourcesOf(node);
    for (const { node: before, policy } of this.#order.before[index] ?? []) {
      if (this.#states[before] === "succeeded") continue;
      if (policy !== "run-dependents" || sources.has(this.#node(before).id)) return before;
    }
    // Results may come from further away.
    for (const id of sources) {
      const source = this.#order.indexOf.get(id);
      if (source !== undefined && this.#states[source] !== "succeeded") return source;
    }
    return undefined;
  }

  #node(index: number): JobNode {
    // Indices are those of the graph's nodes.
    return this.#graph.nodes[index] as JobNode;
  }
}

function skipped(id: string, why: string, cause?: string): MillraceError {
  return new MillraceError("node-skipped", `${id} was skipped: ${why}.`, {
    data: { node: id, ...(cause === undefined ? {} : { cause }) },
  });
}
