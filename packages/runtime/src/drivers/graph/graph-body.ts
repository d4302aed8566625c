/**
 * The graph driver: the life of one running job graph. A node begins when all that it waits for is over, by counts; nothing is
 * replayed. On a resume each node is asked of the record when its time comes, and most are restored on the spot.
 */
import {
  type AbortCause,
  type ActivationPath,
  decodeValue,
  encodeError,
  encodeFor,
  type GraphOrder,
  type JobGraph,
  type JobNode,
  nodeKey,
  nodeSite,
  orderGraph,
  type StepKey,
  type StepRecords,
  type StoredBytes,
} from "@millrace/core";
import { asError } from "../../attempt/outcome.js";
import type { Body, BodyEnd, RunScope, UnbegunEnd } from "../../runs/run-scope.js";
import { type Place, stepsOf, type Unit, type UnitSettled, type Waiting } from "../../steps/unit.js";
import { BodyLife } from "./body-life.js";
import { GraphFailures } from "./graph-failures.js";
import { GraphResults } from "./graph-results.js";
import type { LocalFunctions } from "./local-function.js";
import { callOf, type DecidedCall, type NodeCall, type NodeSurroundings, placeOf } from "./node-call.js";
import { paramsOf } from "./node-params.js";
import { ReadyNodes } from "./ready-nodes.js";
import { UnbegunNode } from "./unbegun-node.js";

/** What a graph's body is made of. */
export interface GraphBodySpec {
  readonly scope: RunScope;
  readonly graph: JobGraph;
  readonly locals: LocalFunctions;
  /** The project's folder. */
  readonly root: string;
  /** Owner of the nodes' sites: name of the graph, or of the node that runs it. */
  readonly name: string;
  readonly path: ActivationPath;
  /** ms since 1970. */
  readonly startedAt: number;
}

/** One execution of a job graph. */
export class GraphBody implements Body {
  readonly flow: string;
  readonly #scope: RunScope;
  readonly #graph: JobGraph;
  readonly #order: GraphOrder;
  readonly #around: NodeSurroundings;
  readonly #records: StepRecords<UnitSettled>;
  /** Records that no node has asked for. */
  readonly #unasked: Set<UnitSettled>;
  readonly #results: GraphResults;
  readonly #failures: GraphFailures;
  /** For each node, how many of those before it are not over. */
  readonly #waitsFor: number[];
  readonly #ready: ReadyNodes;
  /** Knows the indices of the nodes that have been issued. */
  readonly #life: BodyLife<number>;
  /** Results of nodes that nothing waits for, by id. */
  readonly #ends = new Map<string, StoredBytes | undefined>();
  /** Nodes that are not over: all, and those that do not run forever. */
  #open: number;
  #finite: number;
  #steps = 0;
  #pumping = false;

  constructor({ scope, graph, locals, root, name, path, startedAt }: GraphBodySpec) {
    const { nodes, edges, policy = "skip-dependents", window } = graph;
    this.flow = name;
    this.#scope = scope;
    this.#life = new BodyLife(scope.host);
    this.#graph = graph;
    this.#order = orderGraph(nodes, edges, policy);
    const { records, decisions } = scope.past.take(path);
    this.#records = decisions;
    this.#unasked = new Set(records);
    this.#results = new GraphResults(nodes);
    this.#failures = new GraphFailures(graph, this.#order);
    this.#ready = new ReadyNodes(window);
    this.#waitsFor = this.#order.before.map((arcs) => arcs.length);
    this.#open = nodes.length;
    this.#finite = nodes.filter(({ forever }) => !forever).length;
    const within = { owner: name, path };
    this.#around = {
      scope,
      host: this.#life.host,
      locals,
      root,
      path,
      standing: ({ id }) => ({ key: nodeKey(within, id), site: nodeSite(within, id), node: id }),
      startedAt,
      onSettled: (fact) => this.#settled(fact),
      open: (inner, at) =>
        new GraphBody({
          scope,
          graph: inner,
          locals,
          root,
          name: at.node,
          path: at.key as string as ActivationPath,
          startedAt,
        }),
    };
  }

  get blamed(): readonly StepKey[] {
    return this.#failures.blamed;
  }

  get steps(): number {
    return this.#steps;
  }

  /** The graph has been read: whatever is issued comes to its end. */
  get waitsForNothing(): boolean {
    return false;
  }

  waiting(): readonly Waiting[] | undefined {
    return this.#life.closed ? undefined : this.#life.units.waiting();
  }

  describe(): string {
    return `${this.#open} of its ${this.#graph.nodes.length} nodes are not over.`;
  }

  inFlight(): readonly string[] {
    return this.#life.units.standing();
  }

  run(): Promise<BodyEnd> {
    for (const [index, count] of this.#waitsFor.entries()) if (count === 0) this.#isReady(index);
    this.#pump();
    return this.#life.ended;
  }

  freeze(cause: AbortCause, message: string): Promise<void> {
    return this.#life.freeze(cause, message);
  }

  #isReady(index: number): void {
    this.#ready.add(index, this.#node(index).forever === true);
  }

  /** Issues all whose time has come and for which there is room; what is restored makes the next ones ready at once. */
  #pump(): void {
    // A unit may settle, or a restored node make others ready, while this runs.
    if (this.#pumping) return;
    this.#pumping = true;
    try {
      while (!this.#life.closed) {
        const index = this.#ready.take();
        if (index === undefined) break;
        this.#issue(index);
      }
      if (this.#open === 0 && !this.#life.closed) this.#finish();
    } catch (error) {
      // What the store holds cannot be read.
      this.#scope.lose(asError(error));
    } finally {
      this.#pumping = false;
    }
    if (this.waiting()) this.#scope.onlyWaits();
  }

  #issue(index: number): void {
    const node = this.#node(index);
    const reason = this.#failures.skips(index);
    if (reason) {
      this.#results.release(node);
      return this.#unbegun(index, { state: "skipped", error: reason });
    }
    const call = this.#call(node);
    this.#results.release(node);
    if (!("place" in call)) return this.#unbegun(index, { state: "failed", error: call.error });
    const { place, make } = call;
    if (this.#restored(index, call)) return;
    this.#begin(index, place, this.#scope.unit(place, make, this.#around.onSettled));
  }

  /** The call of a node, or what is wrong with its parameters. @throws what reading damaged results throws. */
  #call(node: JobNode): NodeCall | { readonly error: unknown } {
    const params = paramsOf(node, this.#results);
    if (params instanceof Error) return { error: params };
    try {
      return callOf(node, params, this.#around);
    } catch (error) {
      return { error };
    }
  }

  #restored(index: number, { place, given, sharedTtlMs, opens }: DecidedCall, unbegun?: UnbegunEnd): boolean {
    const decision = this.#scope.decide(
      { place, anySite: false, isWork: true, asRef: false, given, sharedTtlMs, opens, unbegun },
      this.#records,
    );
    if (decision.verdict !== "restored") return false;
    const { record } = decision;
    this.#unasked.delete(record);
    this.#scope.restored(record, place);
    this.#over(index, record);
    return true;
  }

  #unbegun(index: number, end: UnbegunEnd): void {
    const node = this.#node(index);
    const place = placeOf(node, this.#around);
    if (this.#restored(index, { place, given: {}, sharedTtlMs: undefined, opens: undefined }, end)) return;
    this.#begin(index, place, new UnbegunNode(node, place, end, this.#around));
  }

  #begin(index: number, { key }: Place, unit: Unit): void {
    this.#life.units.add(key, unit, index);
    if (!this.#node(index).forever) this.#ready.began();
    unit.start();
  }

  /** A settlement has been committed. */
  #settled(fact: UnitSettled): void {
    this.#scope.settled(fact);
    const index = this.#life.units.take(fact.key);
    if (index === undefined) return;
    if (!this.#node(index).forever) this.#ready.left();
    // On its way when the body was frozen: it may stand on record as any other, and whoever resumes has to know.
    if (this.#life.closed) return void this.#failures.settled(index, fact);
    this.#over(index, fact);
    this.#pump();
  }

  #over(index: number, fact: UnitSettled): void {
    const node = this.#node(index);
    this.#steps += stepsOf(fact);
    if (fact.state === "succeeded") {
      this.#results.keep(node.id, fact.value);
      if (this.#order.after[index]?.length === 0 && !node.forever) this.#ends.set(node.id, fact.value);
    }
    this.#open -= 1;
    if (!node.forever) this.#finite -= 1;
    for (const { node: after } of this.#order.after[index] ?? []) {
      const left = (this.#waitsFor[after] as number) - 1;
      this.#waitsFor[after] = left;
      if (left === 0) this.#isReady(after);
    }
    if (this.#failures.settled(index, fact)) this.#abortAll(`${node.id} failed`);
    if (this.#finite > 0 || this.#open === 0) return;
    // Only what runs forever is left.
    this.#failures.over();
    this.#abortAll("all others were over");
  }

  #abortAll(message: string): void {
    void this.#life.units.abort("body", message);
  }

  #finish(): void {
    this.#scope.orphans([...this.#unasked]);
    const results = [...this.#ends].map(([id, bytes]) => [id, bytes && decodeValue(bytes.read())] as const);
    this.#life.end(this.#outcome(Object.fromEntries(results)));
  }

  #outcome(results: object): BodyEnd {
    const { blamed, failed } = this.#failures;
    if (failed) return { state: "failed", error: encodeError(this.#failures.error(this.flow)), blamed };
    try {
      return { state: "succeeded", value: encodeFor(this.flow, "result", results) };
    } catch (error) {
      return { state: "failed", error: encodeError(error), blamed };
    }
  }

  #node(index: number): JobNode {
    // Indices are those of the graph's nodes.
    return this.#graph.nodes[index] as JobNode;
  }
}
