/**
 * What variables, fields of the flow, objects and lists hold at one point of the walk. Copied where paths part, joined
 * where they meet.
 */
import type { Draft } from "./draft.js";
import { type Exit, type Fork, type Guards, guardsAfterExit, joinGuards } from "./guards.js";
import { sizeOfPromise } from "./promises.js";
import { choice, derived, keyOf, may, type Source } from "./source.js";
import { joinSteps, openness, type Steps } from "./steps.js";
import type { Value, Winner } from "./value.js";
import { join, NOTHING, withSources } from "./values.js";

/** A variable's number, or `this.<field>` of the flow. */
export type Slot = number | `this.${string}`;

/** One object or list. */
export interface Cell {
  /** Lists keep items of known index in `props` and all others in `rest`. */
  readonly list: boolean;
  readonly props: ReadonlyMap<string, Value>;
  /** What stands under names that are not known. */
  readonly rest: Value;
  /** True if one expression made several objects, so that writes only add. */
  readonly summary: boolean;
  /** Nesting of loops where it was made: writes from deeper inside only add. */
  readonly depth: number;
  /** Lists: what decides how many items there are. */
  readonly count: readonly Source[];
  /** Number of conditions around the place where it was made. */
  readonly base: number;
}

/** The state. Mutable; `copy` before paths part. */
export class State {
  slots: Map<Slot, Value>;
  cells: Map<number, Cell>;
  /** How far the steps have come that were issued on a path to here. */
  steps: Steps = new Map();
  /** Races of which one entrant has settled, by the race. */
  winners: ReadonlyMap<Draft, Winner> = new Map();
  /** Exits that were not taken. */
  guards: Guards = new Map();
  /** Loops whose item of this turn has been awaited. */
  drained: ReadonlySet<Draft> = new Set();
  /** False after return, throw, break, continue. */
  live = true;
  /** Where those have led, if it is not live. */
  left: ReadonlySet<Exit> = new Set();

  constructor(slots: Map<Slot, Value> = new Map(), cells: Map<number, Cell> = new Map()) {
    this.slots = slots;
    this.cells = cells;
  }

  /** An independent copy. */
  copy(): State {
    return this.with(new Map(this.slots), new Map(this.cells));
  }

  /** The same point with other contents. */
  with(slots: Map<Slot, Value>, cells: Map<number, Cell>): State {
    const { steps, winners, guards, drained, live, left } = this;
    return Object.assign(new State(slots, cells), { steps, winners, guards, drained, live, left });
  }

  /** Ends the path. */
  leave(exit: Exit): void {
    this.live = false;
    this.left = new Set([exit]);
  }

  /** Number of facts: grows until a loop has nothing new to say. */
  size(): number {
    let size = 0;
    const count = ({ sources, refs, mayRefs, functions, promise }: Value): number =>
      sources.length +
      sources.filter((s) => s.certainty === "may").length +
      refs.length +
      mayRefs.length +
      functions.length +
      sizeOfPromise(promise);
    for (const status of this.steps.values()) size += openness(status);
    for (const value of this.slots.values()) size += count(value);
    for (const cell of this.cells.values()) {
      size += count(cell.rest);
      for (const value of cell.props.values()) size += 1 + count(value);
    }
    return size;
  }

  /** Everything that a value holds, in objects and lists too. Items of lists count as gathered. */
  deep(value: Value): readonly Source[] {
    const found = new Map<string, Source>();
    const seen = new Set<number>();
    const add = (v: Value, inList: boolean, sure: boolean): void => {
      for (const source of v.sources) {
        const s = inList && source.gather === undefined ? { ...source, gather: "all" as const } : source;
        const known = found.get(keyOf(s));
        if (known?.certainty !== "must") found.set(keyOf(s), sure ? s : may(s));
      }
      for (const ref of v.refs) {
        if (seen.has(ref)) continue;
        seen.add(ref);
        const cell = this.cells.get(ref);
        if (!cell) continue;
        const inside = sure && !v.mayRefs.includes(ref);
        for (const prop of cell.props.values()) add(prop, inList, inside);
        add(cell.rest, inList || cell.list, inside);
      }
    };
    add(value, false, true);
    return [...found.values()];
  }

  /** A value computed from others in a way that is not followed. */
  derive(values: readonly Value[]): Value {
    return withSources(NOTHING, derived(values.flatMap((v) => this.deep(v))));
  }
}

/** Where two paths meet. Whatever they changed differently was chosen by the condition that parted them. */
export function joinStates(a: State, b: State, fork?: Fork): State {
  if (!a.live && !b.live) return Object.assign(a.copy(), { left: new Set([...a.left, ...b.left]) });
  if (!a.live || !b.live) {
    const [living, dead] = a.live ? [a, b] : [b, a];
    if (!fork) return living;
    const guards = guardsAfterExit(living.guards, { dead: dead.guards, exits: dead.left, fork });
    return Object.assign(living.copy(), { guards });
  }
  const chosen = choice(fork?.condition ?? []);
  const issued = { a: a.steps, b: b.steps };
  const joined = joinWith(a, b, (x, y) => (x === y ? x : withSources(join(x, y, issued), chosen)));
  return Object.assign(joined, { guards: joinGuards(a.guards, b.guards, fork) });
}

/**
 * Where a loop goes on or ends: `before` it, or `after` a turn. What turns have added to lists stays a `must`: in a
 * loop without turns there is no instance that could be missing.
 */
export function joinTurns(before: State, after: State): State {
  if (!after.live) return before;
  const issued = { a: before.steps, b: after.steps };
  const joined = joinWith(before, after, (x, y) => join(x, y, issued));
  for (const [id, cell] of after.cells) {
    const known = joined.cells.get(id);
    if (known && before.cells.has(id)) joined.cells.set(id, { ...known, rest: cell.rest });
  }
  return Object.assign(joined, { guards: joinGuards(before.guards, after.guards, undefined) });
}

type Pick = (x: Value, y: Value) => Value;

function joinWith(a: State, b: State, pick: Pick): State {
  const slots = new Map(a.slots);
  for (const [slot, value] of b.slots) {
    const other = slots.get(slot);
    // A variable that only one path knows is local to it, a field has no other value yet.
    if (other === undefined) slots.set(slot, typeof slot === "string" ? pick(NOTHING, value) : value);
    else slots.set(slot, pick(other, value));
  }
  for (const [slot, value] of a.slots) {
    if (typeof slot === "string" && !b.slots.has(slot)) slots.set(slot, pick(value, NOTHING));
  }
  const cells = new Map(a.cells);
  for (const [id, cell] of b.cells) {
    const other = cells.get(id);
    cells.set(id, other === undefined || other === cell ? cell : joinCells(other, cell, pick));
  }
  return Object.assign(new State(slots, cells), {
    steps: joinSteps(a.steps, b.steps),
    winners: new Map([...a.winners, ...b.winners]),
    drained: new Set([...a.drained].filter((loop) => b.drained.has(loop))),
  });
}

function joinCells(a: Cell, b: Cell, pick: Pick): Cell {
  const props = new Map<string, Value>();
  for (const name of new Set([...a.props.keys(), ...b.props.keys()])) {
    // A property that one path did not write is whatever else the object has.
    props.set(name, pick(a.props.get(name) ?? a.rest, b.props.get(name) ?? b.rest));
  }
  const rest = a.rest === b.rest ? a.rest : pick(a.rest, b.rest);
  const count = a.count === b.count ? a.count : mergeCounts(a.count, b.count);
  return { ...a, props, rest, count, summary: a.summary || b.summary };
}

/** What decides about a number that several things have a part in. */
export function mergeCounts(...counts: readonly (readonly Source[])[]): readonly Source[] {
  return [...new Map(counts.flat().map((source) => [keyOf(source), source])).values()];
}
