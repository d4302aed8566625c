/**
 * What variables, fields of the flow, objects and lists hold at one point of the walk. Copied where paths part, joined
 * where they meet.
 */
import { choice, derived, join, keyOf, may, NOTHING, type Source, type Value, withSources } from "./values.js";

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
}

/** The state. Mutable; `copy` before paths part. */
export class State {
  slots: Map<Slot, Value>;
  cells: Map<number, Cell>;
  /** False after return, throw, break, continue. */
  live = true;

  constructor(slots: Map<Slot, Value> = new Map(), cells: Map<number, Cell> = new Map()) {
    this.slots = slots;
    this.cells = cells;
  }

  /** An independent copy. */
  copy(): State {
    const copy = new State(new Map(this.slots), new Map(this.cells));
    copy.live = this.live;
    return copy;
  }

  /** Takes over the content of another state. */
  become(other: State): void {
    this.slots = other.slots;
    this.cells = other.cells;
    this.live = other.live;
  }

  /** Number of facts: grows until a loop has nothing new to say. */
  size(): number {
    let size = 0;
    const count = ({ sources, refs, mayRefs, functions }: Value): number =>
      sources.length +
      sources.filter((s) => s.certainty === "may").length +
      refs.length +
      mayRefs.length +
      functions.length;
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

/** Where two paths meet. Whatever they changed differently was chosen by the condition. */
export function joinStates(a: State, b: State, condition: readonly Source[] = []): State {
  if (!a.live) return b;
  if (!b.live) return a;
  const chosen = choice(condition);
  return joinWith(a, b, (x, y) => (x === y ? x : withSources(join(x, y), chosen)));
}

/**
 * Where a loop goes on or ends: `before` it, or `after` a turn. What turns have added to lists stays a `must`: in a
 * loop without turns there is no instance that could be missing.
 */
export function joinTurns(before: State, after: State): State {
  if (!after.live) return before;
  const joined = joinWith(before, after, join);
  for (const [id, cell] of after.cells) {
    const known = joined.cells.get(id);
    if (known && before.cells.has(id)) joined.cells.set(id, { ...known, rest: cell.rest });
  }
  return joined;
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
  return new State(slots, cells);
}

function joinCells(a: Cell, b: Cell, pick: Pick): Cell {
  const props = new Map<string, Value>();
  for (const name of new Set([...a.props.keys(), ...b.props.keys()])) {
    // A property that one path did not write is whatever else the object has.
    props.set(name, pick(a.props.get(name) ?? a.rest, b.props.get(name) ?? b.rest));
  }
  return { ...a, props, rest: a.rest === b.rest ? a.rest : pick(a.rest, b.rest), summary: a.summary || b.summary };
}
