/** The leases of an engine's runs: taken in its name, renewed while they are held, given back. */
import type { Clock, Lease, OwnerInfo, RunId, RunStore } from "@millrace/core";
import { failpoint } from "../failpoints/failpoint.js";

/** How often owners say that they live, ms. */
const HEARTBEAT_MS = 5_000;

/** Who may hold a lease. */
export interface LeaseHolder {
  readonly lease: Lease | undefined;
  /** It is no longer the owner's, or the store has failed. */
  lose(error: Error): void;
}

/** The leases of one owner. */
export class RunLeases {
  readonly #store: RunStore;
  readonly #clock: Clock;
  readonly #owner: OwnerInfo;
  readonly #holders: () => Iterable<LeaseHolder>;
  readonly #releases = new Set<Promise<void>>();
  #stop: (() => void) | undefined;

  /** @param holders Those whose leases are to be renewed. */
  constructor(
    { store, clock }: { readonly store: RunStore; readonly clock: Clock },
    owner: OwnerInfo,
    holders: () => Iterable<LeaseHolder>,
  ) {
    this.#store = store;
    this.#clock = clock;
    this.#owner = owner;
    this.#holders = holders;
  }

  /** Leases that are held now. */
  held(): readonly Lease[] {
    return [...this.#holders()].flatMap(({ lease }) => lease ?? []);
  }

  /** @throws MillraceError `run-owned`. */
  async acquire(run: RunId): Promise<Lease> {
    failpoint("lease-wanted");
    const lease = await this.#store.acquire(run, this.#owner);
    failpoint("lease-taken");
    return lease;
  }

  /** Gives a lease back, some time before `close` resolves. */
  release(lease: Lease): void {
    failpoint("lease-unneeded");
    const released = this.#store.release([lease]).then(
      () => failpoint("lease-returned"),
      () => {
        // The store is gone: so is the lease, once this process has ended.
      },
    );
    this.#releases.add(released);
    void released.then(() => this.#releases.delete(released));
  }

  /** From now on the leases are renewed. */
  keep(): void {
    if (this.#stop) return;
    const beat = (): void => {
      this.#stop = this.#clock.after(HEARTBEAT_MS, () => void this.#renew().then(beat), { unref: true });
    };
    beat();
  }

  /** Renews no more; resolves when all has been given back. */
  async close(): Promise<void> {
    this.#stop?.();
    await Promise.all(this.#releases);
  }

  async #renew(): Promise<void> {
    await Promise.all(
      [...this.#holders()].map(async (holder) => {
        if (!holder.lease) return;
        await this.#store.heartbeat([holder.lease]).catch((error: Error) => holder.lose(error));
      }),
    );
  }
}
