/**
 * Which records of a run stand: what is left after resumes gave some up, moves placed others anew, and ends left out what no body
 * asked for. Of each record it holds a key and a byte, so that a run of a million steps fits.
 */
import type { StepKey } from "../identity/brands.js";
import type { SettledState, StepSource } from "../step/step-state.js";
import type { StepTotals } from "./events.js";
import type { Fact } from "./facts.js";

const STATES: readonly SettledState[] = ["succeeded", "failed", "skipped", "aborted"];
const SOURCES: readonly StepSource[] = ["ran", "restored", "cached"];

/** A byte of 0 says that nothing stands at a sequence number; else it is 1 + state + 4 × source, with this bit for a map item. */
const ITEM = 64;

/** The fold. */
export class StandingRecords {
  /** Sequence number of the newest record of each key. */
  readonly #newest = new Map<StepKey, number>();
  /** What is known of the record at each sequence number. */
  #marks = new Uint8Array(1_024);
  /** Where moved records stood first. */
  readonly #origins = new Map<number, number>();
  /** Where records stood that were moved away. */
  readonly #movedFrom = new Set<number>();

  /** Takes the next fact. */
  see(fact: Fact): void {
    switch (fact.kind) {
      case "run-resumed":
        for (const seq of fact.dropped) this.#mark(seq, 0);
        break;
      case "run-ended":
        for (const seq of fact.orphans) this.#mark(seq, 0);
        break;
      case "step-settled":
      case "activation-settled": {
        const isItem = fact.kind === "activation-settled" && fact.activation === "item";
        const mark = 1 + STATES.indexOf(fact.state) + 4 * SOURCES.indexOf(fact.source);
        this.#mark(fact.seq, mark + (isItem ? ITEM : 0));
        this.#newest.set(fact.key, fact.seq);
        break;
      }
      case "record-moved": {
        const mark = this.#marks[fact.record];
        if (!mark) break;
        this.#mark(fact.record, 0);
        this.#mark(fact.seq, mark);
        this.#movedFrom.add(fact.record);
        this.#origins.set(fact.seq, this.#origins.get(fact.record) ?? fact.record);
        this.#newest.set(fact.key, fact.seq);
        break;
      }
      default:
        break;
    }
  }

  /** True if a record stands at this place; `key` is what its fact, or its move, names. */
  has(seq: number, key: StepKey): boolean {
    return this.#marks[seq] !== 0 && this.#newest.get(key) === seq;
  }

  /** True if what stands at this place takes another one further on. */
  moves(seq: number): boolean {
    return this.#movedFrom.has(seq);
  }

  /** Counts of the steps that stand. @param resumedAt Those recorded before it were restored. */
  totals(resumedAt: number): StepTotals {
    const counts = { total: 0, succeeded: 0, failed: 0, skipped: 0, aborted: 0, restored: 0, cached: 0 };
    for (const seq of this.#newest.values()) {
      const mark = this.#marks[seq] ?? 0;
      if (mark === 0 || mark >= ITEM) continue;
      counts.total++;
      const state = STATES[(mark - 1) % 4];
      if (state) counts[state]++;
      const source = (this.#origins.get(seq) ?? seq) < resumedAt ? "restored" : SOURCES[(mark - 1) >> 2];
      if (source === "restored" || source === "cached") counts[source]++;
    }
    return counts;
  }

  #mark(seq: number, mark: number): void {
    if (seq >= this.#marks.length) {
      const grown = new Uint8Array(2 * seq);
      grown.set(this.#marks);
      this.#marks = grown;
    }
    this.#marks[seq] = mark;
  }
}
