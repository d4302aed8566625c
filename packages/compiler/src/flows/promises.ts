/**
 * What an `await` of a value waits for, and what it may throw. Pure algebra: the walk makes promises where steps are
 * issued, combinators and asynchronous functions combine them, an `await` consumes them.
 */
import type { Node } from "ts-morph";
import type { Draft } from "./draft.js";
import { outcome } from "./source.js";
import { isSettled, type Steps } from "./steps.js";
import type { Failure, Promised, Wait } from "./value.js";

/** A promise that waits for nothing. */
export const RESOLVED: Promised = {
  fulfilled: [],
  rejected: [],
  winners: [],
  failures: [],
  thrown: [],
  guards: [],
  items: [],
  fails: false,
  foreign: [],
};

/** A step that was just issued. */
export function promiseOf(node: Draft): Promised {
  return {
    ...RESOLVED,
    fulfilled: [{ node, on: "success", sure: true }],
    rejected: [{ node, on: "settled", sure: true }],
    failures: [{ source: { ...outcome(node, "error"), certainty: "may" }, first: false }],
  };
}

/** A promise of code outside the project. */
export function foreignPromise(origins: readonly Node[]): Promised {
  return { ...RESOLVED, foreign: origins };
}

/** What of a promise is no step's, as far as code that is not followed hands it on. */
export function foreignPart(promise: Promised | undefined): Promised | undefined {
  return promise && promise.foreign.length > 0 ? foreignPromise(promise.foreign) : undefined;
}

/** All of them: `Promise.all`, and what asynchronous code has awaited one after the other. */
export function all(parts: readonly (Promised | undefined)[]): Promised | undefined {
  const given = parts.filter((p) => p !== undefined);
  if (given.length <= 1) return given[0];
  return {
    fulfilled: mergeWaits(given.flatMap((p) => p.fulfilled)),
    // The first failure rejects it: only what has settled whichever of them fails is sure.
    rejected:
      given
        .filter(canReject)
        .map((p) => p.rejected)
        .reduce<readonly Wait[] | undefined>(meetWaits, undefined) ?? [],
    winners: given.flatMap((p) => p.winners),
    failures: mergeFailures(given.flatMap((p) => p.failures.map((failure) => ({ ...failure, first: true })))),
    thrown: given.flatMap((p) => p.thrown),
    guards: given.flatMap((p) => p.guards),
    items: given.flatMap((p) => p.items),
    fails: given.some((p) => p.fails),
    foreign: unionOf(given.map((p) => p.foreign)),
  };
}

/** `allSettled`, and what is behind a `catch`: it waits as long, and does not reject. */
export function settledOf(promise: Promised | undefined): Promised | undefined {
  if (!promise) return undefined;
  const fulfilled = promise.fulfilled.map((wait) => ({ ...wait, on: "settled" as const }));
  return { ...RESOLVED, fulfilled, winners: promise.winners, items: promise.items, foreign: promise.foreign };
}

/** The first of them to settle. */
export function firstOf(race: Draft, entrants: readonly (Promised | undefined)[]): Promised | undefined {
  const given = entrants.filter((p) => p !== undefined);
  const members = [...new Set(given.flatMap((p) => p.fulfilled.map(({ node }) => node)))];
  const foreign = unionOf(given.map((p) => p.foreign));
  if (members.length === 0) return foreignPart(foreignPromise(foreign));
  return {
    ...RESOLVED,
    foreign,
    winners: [{ race, members }, ...given.flatMap((p) => p.winners)],
    failures: mergeFailures(given.flatMap((p) => p.failures.map((failure) => ({ ...failure, first: true })))),
    thrown: given.flatMap((p) => p.thrown),
  };
}

/**
 * One promise after another: `then`, `finally`, the end of an asynchronous function. `issued` are the steps issued where
 * the first may reject, if they are known.
 */
export function chain(first: Promised | undefined, second: Promised | undefined, issued?: Steps): Promised | undefined {
  if (!first || !second) return first ?? second;
  const both = all([first, second]);
  const failures = mergeFailures([...first.failures, ...second.failures]);
  const late = canReject(second) ? [...first.fulfilled, ...second.rejected] : undefined;
  const early = canReject(first) ? first.rejected : undefined;
  const rejected = early && late ? eitherWaits(early, late, issued, undefined) : (early ?? late ?? []);
  return both && { ...both, rejected, failures };
}

/** Either of them, as after `if`. `issuedA` and `issuedB` are the steps issued on the way to each. */
export function eitherPromise(
  a: Promised | undefined,
  b: Promised | undefined,
  issuedA?: Steps,
  issuedB?: Steps,
): Promised | undefined {
  if (a === b || (!a && !b)) return a;
  const [x, y] = [a ?? RESOLVED, b ?? RESOLVED];
  return {
    fulfilled: eitherWaits(x.fulfilled, y.fulfilled, issuedA, issuedB),
    rejected: eitherWaits(x.rejected, y.rejected, issuedA, issuedB),
    winners: [...new Map([...x.winners, ...y.winners].map((w) => [w.race, w])).values()],
    failures: mergeFailures([...x.failures, ...y.failures]),
    thrown: [...new Set([...x.thrown, ...y.thrown])],
    guards: [...new Map([...x.guards, ...y.guards].map((g) => [g.branch, g])).values()],
    items: x.items.filter((item) => y.items.includes(item)),
    fails: x.fails && y.fails,
    foreign: unionOf([x.foreign, y.foreign]),
  };
}

/** What is left of a promise once it has rejected and that was caught. */
export function caught(promise: Promised | undefined): Promised | undefined {
  return promise && { ...RESOLVED, fulfilled: promise.rejected, foreign: promise.foreign };
}

/** A promise behind another whose failures are handled elsewhere. */
export function withoutFailuresOf(promise: Promised | undefined, handled: Promised | undefined): Promised | undefined {
  if (!promise || !handled) return promise;
  const nodes = new Set(handled.failures.map(({ source }) => source.node));
  return {
    ...promise,
    failures: promise.failures.filter(({ source }) => !nodes.has(source.node)),
    thrown: promise.thrown.filter((value) => !handled.thrown.includes(value)),
  };
}

/** The promise as it is on some paths, or for some instances. */
export function unsure(promise: Promised, which: (node: Draft) => boolean): Promised {
  const weaken = (wait: Wait): Wait => (wait.sure && which(wait.node) ? { ...wait, sure: false } : wait);
  return { ...promise, fulfilled: promise.fulfilled.map(weaken), rejected: promise.rejected.map(weaken) };
}

/** What asynchronous code has brought to an end since `before`: the promise of its function waits for it. */
export function settledSince(before: Steps, after: Steps): readonly Wait[] {
  return [...after].flatMap(([node, status]): readonly Wait[] => {
    if (before.get(node) === status || status === "pending") return [];
    return [{ node, on: status === "succeeded" ? "success" : "settled", sure: isSettled(status) }];
  });
}

/** Number of facts, growing as paths meet. */
export function sizeOfPromise(promise: Promised | undefined): number {
  if (!promise) return 0;
  const waits = [...promise.fulfilled, ...promise.rejected];
  const open = waits.filter(({ sure }) => !sure).length + waits.filter(({ on }) => on === "settled").length;
  const { winners, failures, guards, foreign } = promise;
  return waits.length + open + winners.length + failures.length + guards.length + foreign.length;
}

function unionOf(origins: readonly (readonly Node[])[]): readonly Node[] {
  return [...new Set(origins.flat())];
}

function eitherWaits(
  a: readonly Wait[],
  b: readonly Wait[],
  issuedA: Steps | undefined,
  issuedB: Steps | undefined,
): readonly Wait[] {
  const joined = new Map<Draft, Wait>();
  const add = (waits: readonly Wait[], others: readonly Wait[], issued: Steps | undefined): void => {
    for (const wait of waits) {
      const other = others.find(({ node }) => node === wait.node);
      // Where the step was not issued there is nothing to wait for.
      const sure = wait.sure && (other ? other.sure : issued !== undefined && !issued.has(wait.node));
      const on = other?.on === "settled" ? "settled" : wait.on;
      joined.set(wait.node, { node: wait.node, on, sure });
    }
  };
  add(a, b, issuedB);
  add(b, a, issuedA);
  return [...joined.values()];
}

function mergeWaits(waits: readonly Wait[]): readonly Wait[] {
  const merged = new Map<Draft, Wait>();
  for (const wait of waits) {
    const known = merged.get(wait.node);
    if (!known) merged.set(wait.node, wait);
    else {
      const [sure, on] = [known.sure || wait.sure, known.on === "success" || wait.on === "success"];
      merged.set(wait.node, { node: wait.node, sure, on: on ? "success" : "settled" });
    }
  }
  return [...merged.values()];
}

function canReject({ failures, thrown }: Promised): boolean {
  return failures.length > 0 || thrown.length > 0;
}

/** What both have. */
function meetWaits(a: readonly Wait[] | undefined, b: readonly Wait[]): readonly Wait[] {
  return (a ?? b).map((wait) => {
    const other = b.find(({ node }) => node === wait.node);
    return { node: wait.node, on: "settled", sure: wait.sure && other?.sure === true };
  });
}

function mergeFailures(failures: readonly Failure[]): readonly Failure[] {
  const merged = new Map<Draft, Failure>();
  for (const failure of failures) {
    const known = merged.get(failure.source.node);
    merged.set(failure.source.node, known ? { ...failure, first: known.first && failure.first } : failure);
  }
  return [...merged.values()];
}
