/**
 * Admission: what may start now. It knows priorities, tokens, keys and rates, not lanes; the dispatcher asks it for the next
 * step whenever a lane has room.
 *
 * A step takes all its tokens at once or none, so that no two can wait for each other. One that cannot start lets others
 * pass that need less; after OVERTAKEN of those, what it needs is kept free for it until it starts. One step at a time has
 * that right.
 */
import { Heap } from "@millrace/core";
import { type Gate, RateGate, TokenGate } from "./gate.js";
import { before, type Demand, Group, type Ticket } from "./group.js";
import { type EngineLimits, type StepLimits, type TokenNeed, totalOf } from "./limits.js";

/** So many others may pass a step at the gates where it waits. */
export const OVERTAKEN = 32;

const NOTHING: StepLimits = { priority: 0, needs: [], rate: undefined };

/** What decides between steps of one priority. */
export interface Turn {
  /** When it is issued, ms since 1970. */
  readonly at: number;
  /** The longest path of its run that lies ahead of it, itself included: whole ms. */
  readonly ahead: number;
}

const NO_TURN: Turn = { at: 0, ahead: 0 };

/** Who waits to start, and what is held. Adding, starting and ending cost O(log n); without limits all are in one group. */
export class Admission<T> {
  readonly #engine: EngineLimits;
  readonly #groups = new Map<string, Group<T>>();
  readonly #tokens = new Map<string, TokenGate<Group<T>>>();
  readonly #rates = new Map<string, RateGate<Group<T>>>();
  /** Groups to be tried. */
  readonly #ready = new Heap<Group<T>>(before);
  /** Gates whose waiters are to be tried. */
  readonly #open = new Set<Gate<Group<T>>>();
  /** Rate gates that open by themselves. */
  readonly #timed = new Set<RateGate<Group<T>>>();
  /** What it needs is kept free for it. */
  #served: Ticket<T> | undefined;
  readonly #aside: { readonly heap: Heap<Group<T>>; readonly group: Group<T> }[] = [];
  #seq = 0;
  /** When the last one was issued, ms since 1970. */
  #latest = 0;
  #waiting = 0;
  /** When it was asked last, ms since 1970. */
  #now = 0;

  constructor(engine: EngineLimits) {
    this.#engine = engine;
  }

  /** How many wait. */
  get waiting(): number {
    return this.#waiting;
  }

  /** When to ask again though nothing has ended, ms since 1970; undefined if there is no need. */
  get opensAt(): number | undefined {
    let at: number | undefined;
    for (const gate of this.#timed) if (at === undefined || gate.opensAt < at) at = gate.opensAt;
    return at;
  }

  /** Queues a step. */
  add(item: T, limits: StepLimits = NOTHING, { at, ahead }: Turn = NO_TURN): Ticket<T> {
    const demand = nameOf(limits);
    const name = ahead === 0 ? demand : `${demand}/${ahead}`;
    const group = this.#groups.get(name) ?? this.#newGroup(name, limits, ahead);
    // A clock that is set back sends nobody to the front.
    this.#latest = Math.max(this.#latest, at);
    const ticket: Ticket<T> = { item, group, seq: ++this.#seq, at: this.#latest, gone: false };
    const isFirst = group.first === undefined;
    group.add(ticket);
    if (isFirst) this.#ready.push(group);
    this.#waiting += 1;
    return ticket;
  }

  /** The next that may start; it stays where it is. Undefined if none may. */
  peek(now: number): Ticket<T> | undefined {
    const isSetBack = now < this.#now;
    this.#now = now;
    if (isSetBack) for (const gate of this.#rates.values()) gate.setBack(now);
    for (const gate of this.#timed) if (isSetBack || gate.opensAt <= now) this.#openGate(gate);
    for (;;) {
      const heap = this.#heapOfNext();
      const group = heap?.peek();
      if (!heap || !group) return undefined;
      const { first } = group;
      if (first && !first.gone) {
        const stop = this.#stopOf(first, now);
        if (!stop) return first;
        heap.pop();
        this.#stop(group, first, stop);
        continue;
      }
      this.#shift(heap, group);
    }
  }

  /** Starts the one that `peek` has given, and takes what it asks for. */
  take(ticket: Ticket<T>, now: number): void {
    const { group } = ticket;
    const { tokens, rate } = group.demand;
    for (const { gate, amount } of tokens) {
      gate.users += 1;
      gate.free -= amount;
      gate.passed += 1;
    }
    if (rate) {
      rate.gate.start(now);
      rate.gate.passed += 1;
    }
    this.#waiting -= 1;
    this.#shift(group.stoppedAt?.waiters ?? this.#ready, group);
    this.#endService(ticket);
  }

  /** The one that `peek` has given finds no room, and nobody who asks for the same does: others are tried until `takeBack`. */
  setAside({ group }: Ticket<T>): void {
    const heap = group.stoppedAt?.waiters ?? this.#ready;
    heap.pop();
    this.#aside.push({ heap, group });
  }

  /** All that were set aside may be tried again. */
  takeBack(): void {
    for (const { heap, group } of this.#aside.splice(0)) heap.push(group);
  }

  /** What a started step holds is free again. */
  release({ group }: Ticket<T>): void {
    for (const { gate, amount, name } of group.demand.tokens) {
      gate.free += amount;
      this.#openGate(gate);
      this.#leave(name, gate);
    }
  }

  /** A step that waits is not to start any more. */
  remove(ticket: Ticket<T>): void {
    if (ticket.gone) return;
    // It stays in its group and is passed over: looking for it there would cost the length of the queue.
    ticket.gone = true;
    this.#waiting -= 1;
    this.#endService(ticket);
  }

  /** Where the group stands that is to be tried next. Gates that have nothing more to give are closed on the way. */
  #heapOfNext(): Heap<Group<T>> | undefined {
    let best = this.#ready.size > 0 ? this.#ready : undefined;
    for (const gate of this.#open) {
      const group = gate.shut ? undefined : gate.waiters.peek();
      if (!group) {
        this.#open.delete(gate);
        gate.renew();
        continue;
      }
      const rival = best?.peek();
      if (!rival || before(group, rival)) best = gate.waiters;
    }
    return best;
  }

  /** Takes the first member of a group out, which is the first of its heap. */
  #shift(heap: Heap<Group<T>>, group: Group<T>): void {
    group.shift();
    if (heap === this.#ready && group.first) return heap.sink();
    heap.pop();
    if (group.first) return this.#ready.push(group);
    this.#groups.delete(group.name);
    for (const { gate, name: token } of group.demand.tokens) this.#leave(token, gate);
  }

  /** The gate that a step cannot get through now. */
  #stopOf(ticket: Ticket<T>, now: number): Gate<Group<T>> | undefined {
    const { tokens, rate } = ticket.group.demand;
    const served = this.#served === ticket ? undefined : this.#served?.group.demand;
    for (const { gate, amount } of tokens) {
      const kept = served?.tokens.find((need) => need.gate === gate)?.amount ?? 0;
      if (gate.free - kept < amount) return gate;
    }
    if (!rate) return undefined;
    const opensAt = rate.gate.opensFor(rate.need.limit, rate.need.perMs);
    if (opensAt > now) {
      rate.gate.opensAt = Math.min(rate.gate.opensAt, opensAt);
      this.#timed.add(rate.gate);
      return rate.gate;
    }
    return served?.rate?.gate === rate.gate ? rate.gate : undefined;
  }

  #stop(group: Group<T>, first: Ticket<T>, gate: Gate<Group<T>>): void {
    group.stopAt(gate);
    gate.wait(group, this.#open.has(gate));
    if (group.overtaken >= OVERTAKEN) this.#served ??= first;
  }

  #endService(ticket: Ticket<T>): void {
    if (this.#served !== ticket) return;
    this.#served = undefined;
    // Others were stopped there for its sake alone.
    const { tokens, rate } = ticket.group.demand;
    for (const { gate } of tokens) this.#openGate(gate);
    if (rate) this.#openGate(rate.gate);
  }

  #openGate(gate: Gate<Group<T>>): void {
    gate.renew();
    if (gate instanceof RateGate) {
      gate.opensAt = Number.POSITIVE_INFINITY;
      this.#timed.delete(gate);
    }
    if (gate.waiters.size > 0) this.#open.add(gate);
  }

  #newGroup(name: string, { priority, needs, rate }: StepLimits, ahead: number): Group<T> {
    const demand: Demand<T> = {
      tokens: needs.map((need) => ({ ...this.#tokenGate(need), amount: need.amount })),
      rate: rate && { gate: this.#rateGate(rate.name), need: rate },
    };
    const group = new Group(name, { priority, ahead, demand });
    for (const { gate } of demand.tokens) gate.users += 1;
    this.#groups.set(name, group);
    return group;
  }

  #tokenGate(need: TokenNeed): { readonly gate: TokenGate<Group<T>>; readonly name: string } {
    const name = `${need.kind} ${need.name}`;
    let gate = this.#tokens.get(name);
    if (!gate) {
      gate = new TokenGate<Group<T>>(totalOf(need, this.#engine), before);
      this.#tokens.set(name, gate);
    }
    return { gate, name };
  }

  #rateGate(name: string): RateGate<Group<T>> {
    let gate = this.#rates.get(name);
    if (!gate) {
      gate = new RateGate<Group<T>>(before);
      this.#rates.set(name, gate);
    }
    return gate;
  }

  #leave(name: string, gate: TokenGate<Group<T>>): void {
    gate.users -= 1;
    if (gate.users === 0) this.#tokens.delete(name);
  }
}

/** Equal for steps that ask for the same. */
function nameOf({ priority, needs, rate, lane = "plain" }: StepLimits): string {
  const plain = needs.length === 0 && !rate && lane === "plain";
  return plain ? String(priority) : JSON.stringify([priority, needs, rate, lane]);
}
