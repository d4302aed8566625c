/**
 * Exits that lie behind a point of the walk: conditions of which one outcome never reaches it. What is issued there
 * depends on them until the paths meet again, where the exit leads.
 */
import type { Draft } from "./draft.js";
import type { Source } from "./source.js";

/** Where an exit leads: the end of a function, a loop, a labelled block, a turn or a `try` block. */
export type Exit =
  | `return:${number}`
  | `break:${number}`
  | `block:${string}`
  | `continue:${number}`
  | `throw:${number}`;

/** Where an uncaught error leads: the end of the flow. */
export const UNCAUGHT: Exit = "throw:0";

/** A condition that decided whether an exit was taken. */
export interface Guard {
  readonly branch: Draft;
  readonly condition: readonly Source[];
  /** Container in which the condition stands. */
  readonly parent: Draft | undefined;
  readonly exits: ReadonlySet<Exit>;
}

/** Guards by the index of their branch. */
export type Guards = ReadonlyMap<number, Guard>;

/** What parted two paths; without a branch it only chose between values. */
export type Fork = Omit<Guard, "exits" | "branch"> & { readonly branch: Draft | undefined };

/** Guards where two living paths meet: what only one of them has behind it, what parted them decides too. */
export function joinGuards(a: Guards, b: Guards, fork: Fork | undefined): Guards {
  if (a === b) return a;
  const joined = new Map(a);
  for (const [key, guard] of b) joined.set(key, widen(joined.get(key), guard));
  const uneven = [...joined].filter(([key]) => !a.has(key) || !b.has(key)).map(([, guard]) => guard);
  if (fork && uneven.length > 0) add(joined, fork, new Set(uneven.flatMap(({ exits }) => [...exits])));
  return joined;
}

/** Guards of the path that goes on where the other one has left through `exits`. */
export function guardsAfterExit(
  living: Guards,
  { dead, exits, fork }: { readonly dead: Guards; readonly exits: ReadonlySet<Exit>; readonly fork: Fork },
): Guards {
  const guards = new Map(living);
  for (const [key, guard] of dead) {
    // Whichever way the dead path's own conditions went, it led away; they matter only if to different places.
    const elsewhere = [...guard.exits].some((exit) => !exits.has(exit));
    if (elsewhere) guards.set(key, widen(guards.get(key), { ...guard, exits: new Set([...guard.exits, ...exits]) }));
  }
  add(guards, fork, exits);
  return guards;
}

/** Guards where the paths of an exit meet the others again. */
export function withoutExit(guards: Guards, matches: (exit: Exit) => boolean, instead: Iterable<Exit> = []): Guards {
  if (![...guards.values()].some(({ exits }) => [...exits].some(matches))) return guards;
  const kept = new Map<number, Guard>();
  for (const [key, guard] of guards) {
    const left = [...guard.exits].filter((exit) => !matches(exit));
    const exits = new Set(left.length === guard.exits.size ? left : [...left, ...instead]);
    if (exits.size > 0) kept.set(key, { ...guard, exits });
  }
  return kept;
}

/** Guards and those of a promise that was awaited, now leading to `exit`. */
export function withGuards(guards: Guards, added: readonly Guard[], exit: Exit): Guards {
  if (added.length === 0) return guards;
  const all = new Map(guards);
  for (const guard of added) {
    all.set(guard.branch.index, widen(all.get(guard.branch.index), { ...guard, exits: new Set([exit]) }));
  }
  return all;
}

function add(guards: Map<number, Guard>, { branch, ...fork }: Fork, exits: ReadonlySet<Exit>): void {
  if (!branch || fork.condition.length === 0 || exits.size === 0) return;
  guards.set(branch.index, widen(guards.get(branch.index), { ...fork, branch, exits }));
}

function widen(known: Guard | undefined, guard: Guard): Guard {
  if (!known || known === guard) return guard;
  const condition = [...new Map([...known.condition, ...guard.condition].map((s) => [s.node, s])).values()];
  return { ...guard, condition, exits: new Set([...known.exits, ...guard.exits]) };
}
