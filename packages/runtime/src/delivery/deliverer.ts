/**
 * The one deliverer of a body: everything that settles inside a body reaches it here, in commit order, one per macrotask,
 * live and on replay alike.
 *
 *   replay ──▶ live        replay: recorded outcomes in recorded order; units without a record are held
 *                          live:   outcomes as they are committed
 *
 * At rest (microtasks drained, nothing live) a replay whose next record was not asked for has met another body than the
 * one recorded. If that record is firm, the body is stopped before it can have an effect; else it gets the first record
 * that it did ask for, or goes live, where records that it asks for later are still used.
 */
import { failpoint } from "../failpoints/failpoint.js";
import type { Unit, UnitSettled } from "../steps/unit.js";

/** What the deliverer asks and tells its body. */
export interface DelivererHost {
  /** The record was made for this very body, so its place in the order binds. */
  firm(record: UnitSettled): boolean;
  /** An unchanged body did not ask for this record. */
  diverged(record: UnitSettled): void;
  /** Nothing is queued, recorded or held any more, right after a delivery or at the start. */
  idle(): void;
}

/** Queue of one body. */
export class Deliverer {
  /** What has been delivered in its turn is let go. */
  readonly #records: (UnitSettled | undefined)[];
  readonly #host: DelivererHost;
  readonly #asked = new Map<UnitSettled, () => void>();
  /** Records that came out of their turn. */
  readonly #early = new Set<UnitSettled>();
  #held: Unit[] = [];
  #queue: (() => void)[] = [];
  #queueHead = 0;
  #next = 0;
  #replaying: boolean;
  #stopped = false;

  /** @param records In the order of their delivery, firm ones first. */
  constructor(records: readonly UnitSettled[], host: DelivererHost) {
    this.#records = [...records];
    this.#host = host;
    this.#replaying = records.length > 0;
  }

  /** True while recorded outcomes remain to be delivered in order. */
  get replaying(): boolean {
    return this.#replaying;
  }

  /** Begins; the body has just run its first synchronous part. */
  begin(): void {
    setImmediate(() => this.#turn());
  }

  /** The body asked for something that is on record. */
  ask(record: UnitSettled, deliver: () => void): void {
    if (this.#replaying) this.#asked.set(record, deliver);
    else this.live(() => this.#give(record, deliver));
  }

  /** The body asked for something new: starts it, or holds it while recorded outcomes remain. */
  admit(unit: Unit): void {
    if (this.#replaying) this.#held.push(unit);
    else unit.start();
  }

  /** An outcome that has just been committed. */
  live(deliver: () => void): void {
    this.#queue.push(deliver);
    if (!this.#replaying) setImmediate(() => this.#turn());
  }

  /** Nothing is delivered any more. Held units stay unstarted; they are returned. */
  stop(): readonly Unit[] {
    this.#stopped = true;
    return this.#held.splice(0);
  }

  /** Records that were never delivered. */
  orphans(): readonly UnitSettled[] {
    return this.#records.filter((record) => record !== undefined && !this.#early.has(record)) as UnitSettled[];
  }

  #turn(): void {
    if (this.#stopped) return;
    if (this.#replaying) return this.#replay();
    const deliver = this.#queue[this.#queueHead];
    if (deliver) {
      this.#queueHead++;
      if (this.#queueHead === this.#queue.length) {
        this.#queue = [];
        this.#queueHead = 0;
      }
      failpoint("delivery");
      deliver();
    }
    if (this.#queue.length === 0) setImmediate(() => this.#rest());
  }

  #rest(): void {
    if (!this.#stopped && !this.#replaying && this.#queue.length === 0) this.#host.idle();
  }

  #replay(): void {
    const head = this.#head();
    if (!head) return this.#goLive();
    if (!this.#asked.has(head) && this.#host.firm(head)) return this.#host.diverged(head);
    const record = this.#asked.has(head) ? head : this.#firstAsked();
    if (!record) return this.#goLive();
    const deliver = this.#asked.get(record);
    this.#asked.delete(record);
    failpoint("replay-delivery");
    if (deliver) this.#give(record, deliver);
    setImmediate(() => this.#turn());
  }

  /** The record whose turn it is. */
  #head(): UnitSettled | undefined {
    for (; this.#next < this.#records.length; this.#next++) {
      const record = this.#records[this.#next];
      if (record && !this.#early.has(record)) return record;
    }
    return undefined;
  }

  #firstAsked(): UnitSettled | undefined {
    let first: UnitSettled | undefined;
    for (const record of this.#asked.keys()) if (!first || record.seq < first.seq) first = record;
    return first;
  }

  #give(record: UnitSettled, deliver: () => void): void {
    if (this.#records[this.#next] === record) this.#records[this.#next++] = undefined;
    else this.#early.add(record);
    deliver();
  }

  #goLive(): void {
    failpoint("replay-over");
    this.#replaying = false;
    for (const unit of this.#held.splice(0)) unit.start();
    for (let i = this.#queueHead; i < this.#queue.length; i++) setImmediate(() => this.#turn());
    setImmediate(() => this.#rest());
  }
}
