/**
 * Repetition: a body is walked until it has nothing new to say, then the state goes on as after any number of turns.
 * What comes over the back edge is marked, so that an edge between turns is told from one within a turn.
 */
import { type Node, SyntaxKind } from "ts-morph";
import { type Draft, holds } from "../draft.js";
import { joinStates, joinTurns, State } from "../state.js";
import { mapSources, type Source, type Value } from "../values.js";
import type { Place, Turn } from "./place.js";
import type { Walk } from "./walk.js";

/** More passes than any finite program needs in practice: longer chains of `x = y` through one loop are rare. */
const MAX_PASSES = 12;

/** What a repetition is. */
export interface Repetition {
  readonly draft: Draft;
  readonly labels?: readonly string[];
  /** `false`: the body runs at least once. */
  readonly mayBeEmpty: boolean;
  /** Only `break` leaves it. */
  readonly endless?: boolean;
  readonly concurrent?: boolean;
  readonly at: Place;
  /** Walks one turn. */
  readonly turn: (at: Place) => void;
}

/** Walks a body any number of times. */
export function repeat(
  walk: Walk,
  { draft, labels = [], mayBeEmpty, endless, concurrent = false, at, turn }: Repetition,
): void {
  const entry = walk.state.copy();
  const edges = walk.graph.edges.length;
  const outer = new Set(entry.slots.keys());
  let head = entry;
  let end = entry;
  let breaks: State[] = [];
  for (let pass = 0, size = -1; pass < MAX_PASSES; pass += 1) {
    // Edges of an unfinished pass may claim `must` where a later turn says `may`.
    walk.graph.edges.length = edges;
    walk.state = head.copy();
    const context: Turn = {
      draft,
      activation: at.activation,
      base: at.conditions.length,
      labels,
      breaks: [],
      continues: [],
      outer,
      concurrent,
    };
    turn({ ...at, parent: draft, arm: undefined, turns: [...at.turns, context] });
    end = (context.continues ?? []).reduce((a, b) => joinStates(a, b), walk.state);
    breaks = context.breaks;
    const next = joinTurns(entry, carry(end, draft));
    if (next.size() === size) break;
    size = next.size();
    head = next;
  }
  const ends = endless ? [] : [mayBeEmpty ? joinTurns(entry, end) : end];
  const exits = [...ends, ...breaks].filter((state) => state.live);
  const [first, ...others] = exits;
  const after = first ? others.reduce((a, b) => joinStates(a, b), first) : dead(end);
  walk.state = rewrite(after, (s) => withoutCarry(s, draft));
}

/** Notes an exit: guarded by a step of the loop it makes turns depend on each other. */
export function leave(at: Place, kind: "return" | "throw" | "break"): void {
  for (const turn of at.turns) {
    if (turn.concurrent || (kind === "return" && turn.activation !== at.activation)) continue;
    const guards = at.conditions.slice(turn.base).flat();
    if (guards.some((source) => holds(turn.draft, source.node))) turn.draft.dependent = true;
  }
}

/** The loop or switch that a `break` or `continue` means. */
export function targetOf(at: Place, label: string | undefined, kind: "break" | "continue"): Turn | undefined {
  return at.turns.findLast(
    (turn) =>
      turn.activation === at.activation &&
      (label === undefined ? kind === "break" || turn.continues !== undefined : turn.labels.includes(label)),
  );
}

/** Labels of a loop statement. */
export function labelsOf(statement: Node): readonly string[] {
  const parent = statement.getParentIfKind(SyntaxKind.LabeledStatement);
  return parent ? [parent.getLabel().getText(), ...labelsOf(parent)] : [];
}

function carry(state: State, loop: Draft): State {
  return rewrite(state, (s) =>
    holds(loop, s.node) && !s.carried.includes(loop) ? { ...s, carried: [...s.carried, loop] } : s,
  );
}

function withoutCarry(source: Source, loop: Draft): Source {
  return source.carried.includes(loop) ? { ...source, carried: source.carried.filter((d) => d !== loop) } : source;
}

function rewrite(state: State, change: (source: Source) => Source): State {
  const on = (value: Value): Value => mapSources(value, change);
  const slots = new Map([...state.slots].map(([slot, value]) => [slot, on(value)]));
  const cells = new Map(
    [...state.cells].map(([id, cell]) => {
      const props = new Map([...cell.props].map(([name, value]) => [name, on(value)]));
      return [id, { ...cell, props, rest: on(cell.rest) }];
    }),
  );
  const rewritten = new State(slots, cells);
  rewritten.live = state.live;
  return rewritten;
}

function dead(state: State): State {
  const copy = state.copy();
  copy.live = false;
  return copy;
}
