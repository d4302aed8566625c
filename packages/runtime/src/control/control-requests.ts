/** Asks the store now and then what other processes want of the runs of an engine. Keeps no process alive by itself. */
import type { Clock, ControlRequest, Lease, RunStore } from "@millrace/core";
import { failpoint } from "../failpoints/failpoint.js";

/** Pause between two questions, ms. A question that nothing was left for costs one look into an empty table. */
const ASK_MS = 250;

/** What is asked for whom. */
export interface ControlHost {
  readonly store: RunStore;
  readonly clock: Clock;
  /** The runs that this engine owns now. */
  leases(): readonly Lease[];
  /** Carries a request out. */
  carryOut(request: ControlRequest): void;
}

/** Asks until the function given back is called. A store that fails is noticed by those who write to it. */
export function followRequests({ store, clock, leases, carryOut }: ControlHost): () => void {
  let stopped = false;
  let stop = (): void => {};
  const ask = async (): Promise<void> => {
    const owned = leases();
    const requests = owned.length === 0 ? [] : await store.takeRequests(owned).catch(() => []);
    if (requests.length > 0) failpoint("requests-taken");
    for (const request of requests) carryOut(request);
    if (!stopped) wait();
  };
  const wait = (): void => {
    stop = clock.after(ASK_MS, () => void ask(), { unref: true });
  };
  wait();
  return () => {
    stopped = true;
    stop();
  };
}
