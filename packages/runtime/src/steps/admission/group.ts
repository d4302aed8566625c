/** A group: waiting steps of one priority that ask for the same. If its first cannot start, none of them can. */
import type { Gate, RateGate, TokenGate } from "./gate.js";
import type { RateNeed } from "./limits.js";

/** A step that waits, or holds what it asked for. */
export interface Ticket<T> {
  readonly item: T;
  readonly group: Group<T>;
  /** Its place in the order of issue. */
  readonly seq: number;
  /** When it was issued, ms since 1970. */
  readonly at: number;
  /** It is not to start any more. */
  gone: boolean;
}

/** What the members ask for, and the gates that have it. */
export interface Demand<T> {
  readonly tokens: readonly { readonly gate: TokenGate<Group<T>>; readonly amount: number; readonly name: string }[];
  readonly rate: { readonly gate: RateGate<Group<T>>; readonly need: RateNeed } | undefined;
}

/** Its members have the same way ahead of them, and wait in the order of issue. */
export class Group<T> {
  readonly name: string;
  readonly priority: number;
  readonly demand: Demand<T>;
  /** The longest path of the run that lies ahead of a member, ms. */
  readonly ahead: number;
  /** The gate that it waits at; undefined if it is to be tried. */
  stoppedAt: Gate<Group<T>> | undefined;
  #members: Ticket<T>[] = [];
  #head = 0;
  /** Starts that had gone through each of its gates when the first member stopped for the first time. */
  #stamps: readonly number[] | undefined;

  constructor(name: string, { priority, ahead, demand }: Pick<Group<T>, "priority" | "ahead" | "demand">) {
    this.name = name;
    this.priority = priority;
    this.demand = demand;
    this.ahead = ahead;
  }

  /** Its first member; it may be gone. */
  get first(): Ticket<T> | undefined {
    return this.#members[this.#head];
  }

  /** How many others went through one of its gates, that of the most, since the first member stopped for the first time. */
  get overtaken(): number {
    const stamps = this.#stamps;
    return stamps ? Math.max(...this.#passed().map((passed, index) => passed - (stamps[index] ?? 0))) : 0;
  }

  add(ticket: Ticket<T>): void {
    this.#members.push(ticket);
  }

  /** Takes the first one out. */
  shift(): void {
    this.#head += 1;
    this.#stamps = undefined;
    this.stoppedAt = undefined;
    if (this.#head > 1_000 && this.#head * 2 > this.#members.length) {
      this.#members = this.#members.slice(this.#head);
      this.#head = 0;
    }
  }

  /** The first member stops at a gate, perhaps after another one. */
  stopAt(gate: Gate<Group<T>>): void {
    this.stoppedAt = gate;
    this.#stamps ??= this.#passed();
  }

  #passed(): readonly number[] {
    const { tokens, rate } = this.demand;
    return [...tokens.map(({ gate }) => gate.passed), rate?.gate.passed ?? 0];
  }
}

/**
 * The order of starts where nothing else binds: higher priority first, then what would have to start first for all to end together, then
 * the order of issue. A step that waits catches up with those that have more ahead of them and come later.
 */
export function before<T>(a: Group<T>, b: Group<T>): boolean {
  if (a.priority !== b.priority) return a.priority > b.priority;
  const lead = startOf(a) - startOf(b);
  if (lead !== 0) return lead < 0;
  return (a.first?.seq ?? 0) < (b.first?.seq ?? 0);
}

function startOf<T>({ first, ahead }: Group<T>): number {
  return (first?.at ?? 0) - ahead;
}
