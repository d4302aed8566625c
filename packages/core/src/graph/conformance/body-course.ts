/**
 * The course of one body: what it called with what, and what it got, in order. Values are kept as hashes. Two courses of
 * one flow are compared by compare-courses.ts.
 */
import { canonicalHash } from "../../values/canonical-hash.js";
import type { Cause, TracedCall } from "./traced-call.js";

/** Longer courses are not kept whole. */
const MOST_EVENTS = 5_000;

/** One thing that happened. */
export type CourseEvent =
  /** A call, with hashes of what it was given, by the path of each leaf. */
  | { readonly kind: "issue"; readonly call: TracedCall; readonly given: ReadonlyMap<string, string> }
  /** An outcome, with the hash of its value. */
  | { readonly kind: "settle"; readonly outcome: Cause; readonly value: string };

/** The course of one body. */
export class BodyCourse {
  /** Hash of the flow's parameters. */
  readonly params: string;
  readonly events: CourseEvent[] = [];
  #open = true;
  #succeeded = false;

  constructor(params: unknown) {
    this.params = hashOf(params);
  }

  /** It ran to its end, and all of it is here. */
  get whole(): boolean {
    return this.#open && this.#succeeded;
  }

  issue(call: TracedCall, given: object): void {
    if (this.#goesOn()) this.events.push({ kind: "issue", call, given: leavesOf(given) });
  }

  settle(outcome: Cause, value: unknown): void {
    if (!this.#goesOn()) return;
    try {
      this.events.push({ kind: "settle", outcome, value: hashOf(value) });
    } catch {
      // A class of the author's that gives its values back in no form: nothing can be said of what follows from it.
      this.stop();
    }
  }

  succeed(): void {
    this.#succeeded = true;
  }

  /** The body has read what is another in each run: what follows is not kept. */
  stop(): void {
    this.#open = false;
  }

  #goesOn(): boolean {
    if (this.events.length >= MOST_EVENTS) this.stop();
    return this.#open;
  }
}

/** Hashes by path; deep down, where values are not plain, and of large lists, one for the whole. */
function leavesOf(given: object): ReadonlyMap<string, string> {
  const leaves = new Map<string, string>();
  const add = (value: unknown, path: readonly string[]): void => {
    const parts = path.length < MOST_NAMES && isPlain(value) ? Object.entries(value) : [];
    if (parts.length === 0 || parts.length > MOST_PARTS) leaves.set(path.join("."), hashOf(value));
    else for (const [name, part] of parts) add(part, [...path, name]);
  };
  for (const [name, value] of Object.entries(given)) add(value, [name]);
  return leaves;
}

const MOST_NAMES = 4;
const MOST_PARTS = 50;

function isPlain(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  return Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
}

function hashOf(value: unknown): string {
  return value === undefined ? "" : canonicalHash(value);
}
