/** What every executor promises, as one suite. An adapter's spec is one call. */
import type { Executor } from "@millrace/core";
import { afterEach, beforeEach, describe } from "vitest";
import { describeFailures } from "./describe-failures.js";
import { describeHooks } from "./describe-hooks.js";
import { describeJobs } from "./describe-jobs.js";
import { describeShared } from "./describe-shared.js";
import { describeStops } from "./describe-stops.js";
import { ExecutorUnderTest } from "./executor-under-test.js";

/** Declares the suite for one executor; `open` is called for each test. */
export function executorConformance(name: string, open: () => Executor): void {
  describe(`executor: ${name}`, () => {
    const subject = new ExecutorUnderTest(open);
    beforeEach(() => subject.open());
    afterEach(() => subject.executor.close());

    describeJobs(subject);
    describeHooks(subject);
    describeFailures(subject);
    describeStops(subject);
    describeShared(subject);
  });
}
