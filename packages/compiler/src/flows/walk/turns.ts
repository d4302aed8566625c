/**
 * Repetition: a body is walked until it has nothing new to say, then the state goes on as after any number of turns.
 * What comes over the back edge is marked, so that an edge between turns is told from one within a turn.
 */
import { type Node, SyntaxKind } from "ts-morph";
import { type Draft, holds } from "../draft.js";
import { joinGuards, withoutExit } from "../guards.js";
import { unsure } from "../promises.js";
import type { Source } from "../source.js";
import { joinStates, joinTurns, type State } from "../state.js";
import { joinStatus, joinSteps } from "../steps.js";
import type { Promised, Value } from "../value.js";
import { mapSources, withPromise } from "../values.js";
import type { Place, Turn } from "./place.js";
import { afterWaits } from "./settle.js";
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
  /** What a loop waits for that has waited for the item of each turn. */
  readonly items?: Promised | undefined;
  /** Walks one turn. */
  readonly turn: (at: Place) => void;
}

/** Walks a body any number of times. Gives whether each turn has waited for its item. */
export function repeat(
  walk: Walk,
  { draft, labels = [], mayBeEmpty, endless, concurrent = false, at, items, turn }: Repetition,
): boolean {
  const entry = walk.state.copy();
  const forget = walk.graph.mark();
  const { yields } = at.activation;
  const yielded = yields.length;
  const waited = new Set<Draft>();
  const outer = new Set(entry.slots.keys());
  let head = entry;
  let end = entry;
  let breaks: State[] = [];
  for (let pass = 0, size = -1; pass < MAX_PASSES; pass += 1) {
    // Edges of an unfinished pass may claim `must` where a later turn says `may`.
    forget();
    yields.length = yielded;
    walk.state = head.copy();
    const context: Turn = {
      draft,
      activation: at.activation,
      base: at.conditions.length,
      labels,
      breaks: [],
      continues: [],
      outer,
      waited,
      concurrent,
    };
    turn({ ...at, parent: draft, arm: undefined, turns: [...at.turns, context] });
    end = (context.continues ?? []).reduce((a, b) => joinStates(a, b), walk.state);
    breaks = context.breaks;
    end.guards = withoutExit(end.guards, (exit) => exit === `continue:${draft.index}`);
    const next = joinTurns(entry, carry(end, draft));
    if (next.size() === size) break;
    size = next.size();
    head = next;
  }
  const ends = endless ? [] : [mayBeEmpty ? joinTurns(entry, end) : end];
  const exits = [...ends, ...breaks].filter((state) => state.live);
  const [first, ...others] = exits;
  const after = first ? others.reduce((a, b) => joinStates(a, b), first) : dead(end);
  walk.state = leaveLoop(after, { draft, end, waited, depth: at.turns.length });
  const drained = end.live && end.drained.has(draft) && breaks.length === 0;
  if (drained && items) walk.state.steps = afterWaits(walk.state.steps, items.fulfilled);
  return drained;
}

/** The state behind a loop, in which steps of its earlier turns count as well. */
function leaveLoop(
  after: State,
  { draft, end, waited, depth }: { draft: Draft; end: State; waited: ReadonlySet<Draft>; depth: number },
): State {
  const inner = (node: Draft): boolean => holds(draft, node);
  const state = rewrite(after, (s) => withoutCarry(s, draft));
  // A variable holds the promise of the latest turn alone, a list those of all.
  const latest = (value: Value): Value => withPromise(value, value.promise && unsure(value.promise, inner));
  state.slots = new Map([...state.slots].map(([slot, value]) => [slot, latest(value)]));
  state.cells = new Map(
    [...state.cells].map(([id, cell]) => {
      const props = new Map([...cell.props].map(([name, value]) => [name, latest(value)]));
      return [id, { ...cell, props, rest: cell.list && cell.depth <= depth ? cell.rest : latest(cell.rest) }];
    }),
  );
  if (end.live) {
    state.steps = joinSteps(state.steps, new Map([...end.steps].filter(([node]) => inner(node))));
    const guards = [...end.guards].filter(([, guard]) => inner(guard.branch));
    state.guards = joinGuards(state.guards, new Map([...guards, ...state.guards]), undefined);
  }
  const steps = new Map(state.steps);
  for (const node of waited) steps.set(node, joinStatus(steps.get(node) ?? "pending", "settled"));
  const own = [`break:${draft.index}`, `continue:${draft.index}`];
  const drained = new Set([...state.drained].filter((loop) => loop !== draft));
  return Object.assign(state, { steps, drained, guards: withoutExit(state.guards, (exit) => own.includes(exit)) });
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

/** The state at the start of the next turn: steps, races and exits of this one are of another activation. */
function carry(state: State, loop: Draft): State {
  const next = rewrite(state, (s) =>
    holds(loop, s.node) && !s.carried.includes(loop) ? { ...s, carried: [...s.carried, loop] } : s,
  );
  return Object.assign(next, {
    steps: new Map([...state.steps].filter(([node]) => !holds(loop, node))),
    winners: new Map([...state.winners].filter(([race]) => !holds(loop, race))),
    guards: new Map([...state.guards].filter(([, { branch }]) => !holds(loop, branch))),
    drained: new Set([...state.drained].filter((each) => each !== loop)),
  });
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
  return state.with(slots, cells);
}

function dead(state: State): State {
  const copy = state.copy();
  copy.live = false;
  return copy;
}
