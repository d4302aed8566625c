/**
 * The walk over one flow: its state and what every construct needs of it. The constructs themselves stand in the files
 * beside this one; `evaluate` and `execute` dispatch to them (walk-flow.ts ties the knot).
 */
import type { Site } from "@millrace/core";
import type { ClassDeclaration, Node } from "ts-morph";
import type { Declared } from "../../project/declared.js";
import type { Analysis } from "../analysis.js";
import { type Draft, holds } from "../draft.js";
import { DraftGraph, type DraftInit } from "../draft-graph.js";
import { all, promiseOf } from "../promises.js";
import { Scope } from "../scope.js";
import { outcome, type Source } from "../source.js";
import { type Cell, mergeCounts, type Slot, State } from "../state.js";
import type { Value } from "../value.js";
import { join, mayBe, NOTHING, ofSources, SELF, withPromise, withSources } from "../values.js";
import type { Place } from "./place.js";
import type { TryFrame } from "./try-frame.js";

/** Dispatches of the walk. */
export interface Dispatch {
  evaluate(walk: Walk, expression: Node, at: Place): Value;
  execute(walk: Walk, statement: Node, at: Place): void;
}

/** One walk. */
export class Walk {
  readonly analysis: Analysis;
  readonly flow: Declared;
  readonly graph: DraftGraph = new DraftGraph();
  /** The state at the current point. */
  state: State = new State();
  /** `try` blocks around the current point, innermost last, across calls. */
  readonly tries: TryFrame[] = [];
  /** Scope of methods of the flow. */
  readonly selfScope: Scope<Value> = new Scope(undefined, SELF, undefined);
  /** Scope of the functions at the top of modules. */
  readonly moduleScope: Scope<Value> = new Scope(undefined, NOTHING, undefined);
  readonly #dispatch: Dispatch;
  readonly #scopes = new Map<string, Scope<Value>>();
  readonly #cells = new Map<string, number>();

  constructor(analysis: Analysis, flow: Declared, dispatch: Dispatch) {
    this.analysis = analysis;
    this.flow = flow;
    this.#dispatch = dispatch;
  }

  /** The value of an expression; builds the nodes of the calls in it. */
  evaluate(expression: Node, at: Place): Value {
    return this.#dispatch.evaluate(this, expression, at);
  }

  /** Runs a statement. */
  execute(statement: Node, at: Place): void {
    this.#dispatch.execute(this, statement, at);
  }

  /** The draft of a source node at a place. */
  draft(source: Node, variant: string, at: Place, init: Omit<DraftInit, "parent" | "arm" | "span">): Draft {
    const before = this.graph.drafts.length;
    const draft = this.graph.at(source, variant, {
      ...init,
      parent: at.parent,
      arm: at.arm,
      span: this.analysis.model.spanOf(source),
    });
    if (draft.index === before && draft.kind === "dynamic") this.#warn(draft);
    return draft;
  }

  /** The scope of one inlined call: equal for equal call paths, so that loops come to rest. */
  scopeOf(call: Node, callable: Node, around: Scope<Value> | undefined, self: Value, at: Place): Scope<Value> {
    const numbers = [call, callable].map((node) => this.graph.numberOf(node));
    const key = `${at.scope.id}/${numbers.join("/")}/${around?.id ?? ""}`;
    const known = this.#scopes.get(key);
    // The receiver may have grown since the latest pass: the new scope keeps the old one's variables.
    const scope = known ? known.withSelf(self) : new Scope(around, self, callable);
    this.#scopes.set(key, scope);
    return scope;
  }

  /** A fresh object or list for an expression. */
  allocate(source: Node, at: Place, made: Pick<Cell, "list" | "props" | "rest"> & Partial<Pick<Cell, "count">>): Value {
    const cell = { count: [], ...made, base: at.conditions.length };
    const key = `${at.scope.id}/${this.graph.numberOf(source)}/${cell.list}`;
    const id = this.#cells.get(key) ?? this.#cells.size;
    this.#cells.set(key, id);
    const known = this.state.cells.get(id);
    const depth = at.turns.length;
    // Objects of earlier turns that nothing outside the turn holds are gone: this is the only one.
    if (!known || (at.turns.length > 0 && !this.#escapes(id, at))) this.setCell(id, { ...cell, summary: false, depth });
    else {
      const props = new Map(cell.props);
      for (const [name, value] of known.props) props.set(name, join(props.get(name) ?? cell.rest, value));
      const count = mergeCounts(cell.count, known.count);
      const rest = join(cell.rest, known.rest);
      this.setCell(id, { list: cell.list, props, rest, count, base: known.base, summary: true, depth });
    }
    return { ...NOTHING, refs: [id] };
  }

  /** An instance of a class of the project. */
  allocateInstance(source: Node, at: Place, owner: ClassDeclaration): Value {
    return { ...this.allocate(source, at, { list: false, props: new Map(), rest: NOTHING }), instanceOf: owner };
  }

  /** Writes a variable or a field of the flow. */
  setSlot(slot: Slot, value: Value): void {
    this.state.slots.set(slot, value);
    for (const frame of this.tries) frame.slots.set(slot, join(frame.slots.get(slot) ?? value, value));
  }

  /** Writes an object or list. */
  setCell(id: number, cell: Cell): void {
    this.state.cells.set(id, cell);
    for (const frame of this.tries) {
      const known = frame.cells.get(id);
      frame.cells.set(id, known ? { ...cell, rest: join(known.rest, cell.rest), props: joinProps(known, cell) } : cell);
    }
  }

  /** Sets a property of whatever objects the value may be. `name` undefined: not known which. */
  setProperty(target: Value, name: string | undefined, value: Value, at: Place): void {
    if (target.self) {
      const slot: Slot = `this.${name ?? "*"}`;
      const known = this.state.slots.get(slot);
      this.setSlot(slot, name === undefined && known ? join(known, value) : value);
    }
    for (const id of target.refs) {
      const cell = this.state.cells.get(id);
      if (!cell) continue;
      const certain = target.refs.length === 1 && !target.self && !cell.summary;
      if (name === undefined) {
        const count = mergeCounts(cell.count, at.conditions.slice(cell.base).flat());
        this.setCell(id, { ...cell, count, rest: grow(cell.rest, value, certain) });
      } else {
        const known = cell.props.get(name) ?? cell.rest;
        const strong = certain && cell.depth === at.turns.length;
        this.setCell(id, { ...cell, props: new Map(cell.props).set(name, strong ? value : join(known, value)) });
      }
    }
  }

  /** A step is issued here: gives the promise of its outcome. */
  issue(node: Draft): Value {
    const { steps, winners, guards } = this.state;
    this.graph.issues.push({ node, steps, winners: [...winners.values()], guards });
    this.state.steps = new Map(steps).set(node, "pending");
    return withPromise(ofSources([outcome(node)]), promiseOf(node));
  }

  /** A container decides by a condition. */
  decide(container: Draft, sources: readonly Source[], arm?: string): void {
    if (sources.length > 0) this.graph.decisions.push({ container, sources, arm, first: false });
  }

  /** Notes that something depends on a condition: a turn that depends on an earlier one makes its map a loop. */
  usePredicate(sources: readonly Source[]): void {
    for (const source of sources) {
      for (const loop of source.carried) if (holds(loop, source.node)) loop.dependent = true;
    }
  }

  /** Data edges from everything in a value to a parameter of a node. */
  emit(to: Draft, value: Value, param: string, inList = false, seen: readonly number[] = []): void {
    for (const source of value.sources) this.#edge({ source, to, param, inList });
    for (const id of value.refs) {
      const cell = this.state.cells.get(id);
      if (!cell || seen.includes(id)) continue;
      const inside = [...seen, id];
      const part = (v: Value): Value => (value.mayRefs.includes(id) ? mayBe(v) : v);
      // A parameter path stops at an item of unknown place: what lies in the item is derived.
      if (inList) this.emit(to, this.state.derive([value]), param, true, inside);
      else {
        for (const [name, prop] of cell.props)
          this.emit(to, part(prop), param ? `${param}.${name}` : name, false, inside);
        this.emit(to, part(cell.rest), param, true, inside);
      }
    }
  }

  #escapes(id: number, at: Place): boolean {
    const outer = at.turns.at(-1)?.outer;
    for (const [slot, value] of this.state.slots) if (outer?.has(slot) && value.refs.includes(id)) return true;
    for (const cell of this.state.cells.values()) {
      if (cell.rest.refs.includes(id) || [...cell.props.values()].some((v) => v.refs.includes(id))) return true;
    }
    return false;
  }

  #edge(edge: { source: Source; to: Draft; param: string; inList: boolean }): void {
    const { source, to, param } = edge;
    const loops = source.carried.filter((loop) => holds(loop, source.node) && holds(loop, to));
    const innermost = loops.reduce<Draft | undefined>((a, b) => (a && a.index > b.index ? a : b), undefined);
    if (innermost) {
      innermost.dependent = true;
      innermost.carries.set(`${source.node.index}/${to.index}/${param}`, { from: source.node, to, param });
    } else if (source.node !== to) this.graph.edges.push(edge);
  }

  #warn(draft: Draft): void {
    const { reason = "", candidates = [] } = draft.detail;
    this.analysis.report({
      code: "dynamic-node",
      severity: "warning",
      message: `What is called here cannot be known before running: ${reason}.`,
      span: draft.span,
      related: [],
      hint: "Call the task or flow by its own name from a place that the flow reaches directly, or accept that this step is known only while running.",
      data: { flow: this.flow.id, reason, candidates, site: (draft.site ?? null) as Site | null },
    });
  }
}

function grow(known: Value, value: Value, certain: boolean): Value {
  if (!certain) return join(known, value);
  const { sources } = withSources(known, value.sources);
  return { ...join(known, value), sources, promise: all([known.promise, value.promise]) };
}

function joinProps(a: Cell, b: Cell): ReadonlyMap<string, Value> {
  const props = new Map(a.props);
  for (const [name, value] of b.props) props.set(name, join(props.get(name) ?? value, value));
  return props;
}
