import { expect, it } from "vitest";
import { optionConflicts } from "./option-conflicts.js";
import type { StepOptions } from "./step-options.js";

const paths = (options: StepOptions): readonly string[] =>
  optionConflicts(options).map(({ path, against }) => `${path} / ${against}`);

it("options that go together are no conflict", () => {
  const together: readonly StepOptions[] = [
    {},
    { timeout: "30s" },
    { retry: { attempts: 1 } },
    { retry: { attempts: 3 } },
    { retry: { attempts: 3, backoff: "fixed", jitter: 0 } },
    { retry: { attempts: 3, backoff: "linear", delay: "1s", maxDelay: "1s", jitter: 0.5, retryOn: ["Busy"] } },
    { retry: { attempts: 3, retryOn: ["FatalError", "Busy"] } },
    { timeout: "10s", totalTimeout: "10s" },
    // Pauses of 0.5 s and 1 s at the least.
    { totalTimeout: "2s", retry: { attempts: 3, backoff: "exponential", delay: "1s", jitter: 0.5 } },
  ];
  for (const options of together) expect(paths(options), JSON.stringify(options)).toEqual([]);
});

it("what takes the effect of another option is named with it", () => {
  const rows: readonly (readonly [StepOptions, ...string[]])[] = [
    [{ timeout: 0 }, "timeout / timeout"],
    [{ timeout: "0s" }, "timeout / timeout"],
    [{ totalTimeout: 0 }, "totalTimeout / totalTimeout"],
    [{ retry: { delay: "1s" } }, "retry.delay / retry.attempts"],
    [{ retry: { attempts: 1, backoff: "linear", delay: "1s" } }, "retry.backoff / retry.attempts"],
    [{ retry: { attempts: 2, backoff: "linear" } }, "retry.backoff / retry.delay"],
    [
      { retry: { attempts: 2, maxDelay: "1s", jitter: 1 } },
      "retry.maxDelay / retry.delay",
      "retry.jitter / retry.delay",
    ],
    [{ retry: { attempts: 2, delay: 5, maxDelay: 4 } }, "retry.maxDelay / retry.delay"],
    [{ retry: { attempts: 2, retryOn: [] } }, "retry.retryOn / retry.attempts"],
    [{ retry: { attempts: 2, retryOn: ["FatalError"] } }, "retry.retryOn / retry.attempts"],
    [{ timeout: "11s", totalTimeout: "10s" }, "timeout / totalTimeout"],
    [{ totalTimeout: "3s", retry: { attempts: 3, backoff: "exponential", delay: "1s" } }, "totalTimeout / retry"],
    [{ totalTimeout: "3s", retry: { attempts: 3, backoff: "linear", delay: "1s" } }, "totalTimeout / retry"],
  ];
  for (const [options, ...expected] of rows) expect(paths(options), JSON.stringify(options)).toEqual(expected);
});
