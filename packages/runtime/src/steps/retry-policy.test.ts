import type { RetryOptions } from "@millrace/core";
import { describe, expect, it } from "vitest";
import { type FailedOutcome, pauseBeforeRetry } from "./retry-policy.js";

const failed: FailedOutcome = { type: "failed", error: new Uint8Array(), errorName: "RangeError", fatal: false };
const pauses = (retry: RetryOptions | undefined, random = 0.5): (number | undefined)[] =>
  [1, 2, 3, 4].map((attempt) => pauseBeforeRetry(retry, attempt, failed, random));

describe("the retry policy", () => {
  it("makes one attempt by default", () => {
    expect(pauses(undefined)).toEqual([undefined, undefined, undefined, undefined]);
  });

  it("grows as the back-off says, up to the longest pause", () => {
    expect(pauses({ attempts: 4, delay: 100 })).toEqual([100, 100, 100, undefined]);
    expect(pauses({ attempts: 4, delay: 100, backoff: "linear" })).toEqual([100, 200, 300, undefined]);
    expect(pauses({ attempts: 4, delay: "100ms", backoff: "exponential", maxDelay: 350 })).toEqual([
      100,
      200,
      350,
      undefined,
    ]);
  });

  it("spreads by the jitter, both ways", () => {
    expect(pauses({ attempts: 2, delay: 100, jitter: 0.5 }, 0)[0]).toBe(50);
    expect(pauses({ attempts: 2, delay: 100, jitter: 0.5 }, 1)[0]).toBe(150);
  });

  it("listens to the error: fatal, named, or with a pause of its own", () => {
    const retry = { attempts: 3, delay: 10, retryOn: ["TypeError"] };
    expect(pauseBeforeRetry(retry, 1, failed, 0)).toBeUndefined();
    expect(pauseBeforeRetry(retry, 1, { ...failed, errorName: "TypeError" }, 0)).toBe(10);
    expect(pauseBeforeRetry({ attempts: 3 }, 1, { ...failed, fatal: true }, 0)).toBeUndefined();
    expect(pauseBeforeRetry({ attempts: 3, delay: 10 }, 1, { ...failed, retryAfterMs: 777 }, 0)).toBe(777);
  });
});
