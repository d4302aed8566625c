/** What every RunStore promises, as one suite. An adapter's spec is one call. */
import { afterEach, beforeEach, describe } from "vitest";
import { describeAppends } from "./describe-appends.js";
import { describeCache } from "./describe-cache.js";
import { describeClosing } from "./describe-closing.js";
import { describeFacts } from "./describe-facts.js";
import { describeList } from "./describe-list.js";
import { describeOwnership } from "./describe-ownership.js";
import { describeRemoval } from "./describe-removal.js";
import { describeRequests } from "./describe-requests.js";
import { describeSchedules } from "./describe-schedules.js";
import { type StoreHome, StoreUnderTest } from "./store-under-test.js";

/** How the store is reached, and what it does not promise. */
export interface RunStoreConformanceOptions {
  /** A fresh, empty place, for each test. */
  readonly make: () => Promise<StoreHome>;
  /** True if runs outlive the store that wrote them: stores opened in one place then share their runs. */
  readonly durable: boolean;
  /** False if a durable store has its place for itself: runs are there for the next one, leases are not. Default true. */
  readonly shared?: boolean;
  /** True where the store cannot run at all; the suite is then skipped by name. */
  readonly skip?: boolean;
}

/** Declares the suite for one store. */
export function runStoreConformance(name: string, options: RunStoreConformanceOptions): void {
  describe.skipIf(options.skip === true)(`run store: ${name}`, () => {
    const subject = new StoreUnderTest(options.make);
    beforeEach(() => subject.open());
    afterEach(() => subject.remove());

    describeFacts(subject);
    describeAppends(subject, options.durable);
    describeList(subject);
    describeOwnership(subject);
    describeRequests(subject);
    describeRemoval(subject, options.durable);
    describeCache(subject, options.durable);
    describeSchedules(subject, options.durable);
    describeClosing(subject, { durable: options.durable, shared: options.shared ?? true });
  });
}
