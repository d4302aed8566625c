/** What the parts of the store's suite share: the store of the running test, its place, its clock, and owners. */
import type { Clock, Fact, Lease, OwnerInfo, RunId, RunStore } from "@millrace/core";
import { ownerInfo } from "@millrace/runtime";
import { ManualClock } from "../../clock/manual-clock.js";
import { plainFact, recordedFacts } from "../samples/recorded-facts.js";

/** The place of one test's runs. */
export interface StoreHome {
  /** A new door to the same runs. */
  open(clock: Clock): Promise<RunStore>;
  /** Removes everything. */
  remove(): Promise<void>;
}

// Safe, both: run ids are checked where users give them, before any store sees them.
/** A run. */
export const A: RunId = "run-a" as RunId;
/** Another run. */
export const B: RunId = "run-b" as RunId;
/** An engine of this process. */
export const ME: OwnerInfo = ownerInfo("engine-1");
/** Another engine of this process. */
export const OTHER: OwnerInfo = ownerInfo("engine-2");

/** One store for each test, in a place of its own. */
export class StoreUnderTest {
  readonly #make: () => Promise<StoreHome>;
  #current: { readonly clock: ManualClock; readonly home: StoreHome; readonly store: RunStore } | undefined;

  constructor(make: () => Promise<StoreHome>) {
    this.#make = make;
  }

  /** A fresh place with one store, for the test that begins. */
  async open(): Promise<void> {
    const clock = new ManualClock();
    const home = await this.#make();
    this.#current = { clock, home, store: await home.open(clock) };
  }

  /** Closes the store and opens another in the same place. */
  async reopen(): Promise<void> {
    const { clock, home, store } = this.#opened;
    await store.close();
    this.#current = { clock, home, store: await home.open(clock) };
  }

  /** Closes the store and removes its place. */
  async remove(): Promise<void> {
    const { home, store } = this.#opened;
    await store.close();
    await home.remove();
  }

  /** The store of the running test. */
  get store(): RunStore {
    return this.#opened.store;
  }

  /** Its place. */
  get home(): StoreHome {
    return this.#opened.home;
  }

  /** Its clock, which stands still. */
  get clock(): ManualClock {
    return this.#opened.clock;
  }

  /** Appends facts of one run. */
  append(lease: Lease, ...facts: readonly Fact[]): Promise<void> {
    return this.store.append([{ ...lease, facts }]);
  }

  /** The facts of a run as plain data. */
  async recorded(run: RunId, from: RunStore = this.store): Promise<Record<string, unknown>[]> {
    return (await recordedFacts(from, run)).map(plainFact);
  }

  get #opened(): { readonly clock: ManualClock; readonly home: StoreHome; readonly store: RunStore } {
    if (!this.#current) throw new Error("the store is used outside a test");
    return this.#current;
  }
}
