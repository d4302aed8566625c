/**
 * Gates: what a step has to get through before it starts. A token gate has so many tokens, which come back when their holder
 * ends; a rate gate lets so many through in a window. Whoever is stopped waits at the gate.
 */
import { Heap } from "@millrace/core";

/** A gate and who waits at it. */
export abstract class Gate<W> {
  /** Those to be tried when it opens, in order. */
  readonly waiters: Heap<W>;
  /** Tried since it was opened last, in vain. */
  #tried: W[] = [];
  /** Starts that went through it. */
  passed = 0;

  /** @param before The order in which those that wait are tried. */
  constructor(before: (a: W, b: W) => boolean) {
    this.waiters = new Heap(before);
  }

  /** Nobody can get through now. */
  abstract get shut(): boolean;

  /** One waits here; one that was tried while the gate was open waits for its next opening. */
  wait(one: W, tried: boolean): void {
    if (tried) this.#tried.push(one);
    else this.waiters.push(one);
  }

  /** Those that were tried may be tried again. */
  renew(): void {
    for (const one of this.#tried.splice(0)) this.waiters.push(one);
  }
}

/** So many tokens. */
export class TokenGate<W> extends Gate<W> {
  /** Tokens that nobody holds. */
  free: number;
  /** Those that ask for some and those that hold some: the gate goes with the last, and is made again with all its tokens. */
  users = 0;

  constructor(total: number, before: (a: W, b: W) => boolean) {
    super(before);
    this.free = total;
  }

  get shut(): boolean {
    return this.free <= 0;
  }
}

/** Starts that a rate gate remembers at least: a step of a larger limit may ask for the first time when they have been. */
const KEPT = 1_000;

/** The starts under one name. Each step measures them by its own limit. */
export class RateGate<W> extends Gate<W> {
  /** Oldest first, as many as the largest limit looks back on. */
  #starts: number[] = [];
  #kept = KEPT;
  /** When somebody who waits may be let through, ms since 1970. */
  opensAt: number = Number.POSITIVE_INFINITY;

  /** It depends on who asks. */
  get shut(): boolean {
    return false;
  }

  /** From when on a step of this limit may start, ms since 1970. */
  opensFor(limit: number, perMs: number): number {
    this.#kept = Math.max(this.#kept, limit);
    const nth = this.#starts[this.#starts.length - limit];
    return nth === undefined ? 0 : nth + perMs;
  }

  /** The clock was set back to `now`: what it puts into the future has just been. */
  setBack(now: number): void {
    this.#starts = this.#starts.map((at) => Math.min(at, now));
  }

  /** Notes a start. */
  start(now: number): void {
    this.#starts.push(now);
    if (this.#starts.length > 2 * this.#kept) this.#starts = this.#starts.slice(-this.#kept);
  }
}
