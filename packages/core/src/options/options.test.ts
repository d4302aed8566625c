import { describe, expect, it } from "vitest";
import { durationMs, formatDuration, parseDuration } from "./duration.js";
import { checkOptions, mergeOptions } from "./merge-options.js";
import { OPTION_NAMES, type StepOptions } from "./step-options.js";

describe("durations", () => {
  it("are milliseconds or a number with a unit", () => {
    expect([0, 250, "250ms", "1.5s", "10m", "2h", "1d"].map(parseDuration)).toEqual([
      0, 250, 250, 1_500, 600_000, 7_200_000, 86_400_000,
    ]);
    for (const bad of [
      "",
      "5",
      "5 s",
      "-1s",
      "1w",
      "s",
      -1,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      null,
      undefined,
      {},
    ]) {
      expect(parseDuration(bad), String(bad)).toBeUndefined();
    }
  });

  it("name the culprit when they are none", () => {
    expect(() => durationMs("5 s" as never, "timeout")).toThrow(
      expect.objectContaining({ code: "invalid-duration", message: expect.stringContaining("timeout") }),
    );
  });

  it("read well", () => {
    expect([0, 640, 12_340, 245_000, 7_800_000].map(formatDuration)).toEqual([
      "0 ms",
      "640 ms",
      "12.3 s",
      "4 min 05 s",
      "2 h 10 min",
    ]);
  });
});

describe("options", () => {
  it("merge leaf by leaf, later layers win", () => {
    const task: StepOptions = { timeout: "30s", retry: { attempts: 3, delay: "1s" }, tags: ["a"] };
    expect(mergeOptions(task, undefined, { retry: { attempts: 5 }, name: "x" })).toEqual({
      timeout: "30s",
      retry: { attempts: 5, delay: "1s" },
      tags: ["a"],
      name: "x",
    });
    expect(mergeOptions({ resources: { cpus: 1, gpu: 1 } }, { resources: { cpus: 2 } })).toEqual({
      resources: { cpus: 2, gpu: 1 },
    });
    expect(mergeOptions()).toEqual({});
  });

  it("are refused by path: unknown, of a wrong value", () => {
    expect(
      checkOptions({ retry: { attempts: 2, backoff: "linear", retryOn: ["Error"] }, timeout: 5, pure: true }),
    ).toEqual([]);
    const issues = checkOptions({
      retries: 1,
      transfer: true,
      timeout: "soon",
      retry: { attempts: 0, jitter: 2, times: 1 },
      tags: [1],
    });
    expect(issues.map((issue) => issue.path)).toEqual([
      "retries",
      "transfer",
      "timeout",
      "retry.attempts",
      "retry.jitter",
      "retry.times",
      "tags",
    ]);
    expect(checkOptions("x")).toHaveLength(1);
    const right: StepOptions[] = [
      { cache: false },
      { cache: { ttl: "1h" } },
      { priority: -1.5, pool: "db", resources: { cpus: 0.5, gpu: 0 }, concurrencyKey: "k" },
      { rateLimit: { limit: 10, per: "1s", name: "api" } },
    ];
    for (const options of right) expect(checkOptions(options), JSON.stringify(options)).toEqual([]);
    const wrong: readonly (readonly [object, string])[] = [
      [{ cache: { ttl: "soon" } }, '"ttl" must be'],
      [{ cache: { tll: 1 } }, "must be true, false"],
      [{ cache: 1 }, "must be true, false"],
      [{ priority: Number.NaN }, "must be a number"],
      [{ resources: { gpu: "1" } }, '"gpu" is "1"'],
      [{ resources: [1] }, "must be an object"],
      [{ rateLimit: { limit: 0, per: "1s" } }, '"limit" must be'],
      [{ rateLimit: { limit: 1, pre: "1s" } }, 'did you mean "per"'],
      [{ rateLimit: 5 }, "must be { limit, per }"],
    ];
    for (const [options, words] of wrong) {
      expect(checkOptions(options), JSON.stringify(options)).toEqual([
        expect.objectContaining({ message: expect.stringContaining(words) }),
      ]);
    }
    expect(checkOptions({ timeout: 5, cache: true }, "flow").map(({ path }) => path)).toEqual(["cache"]);
  });

  it("have final names: the list and the type agree", () => {
    const all: Required<{ [K in keyof StepOptions]: true }> = {
      name: true,
      retry: true,
      timeout: true,
      totalTimeout: true,
      grace: true,
      cache: true,
      pure: true,
      version: true,
      io: true,
      isolate: true,
      memory: true,
      priority: true,
      pool: true,
      resources: true,
      rateLimit: true,
      concurrencyKey: true,
      maxResultBytes: true,
      tags: true,
    };
    expect([...OPTION_NAMES].sort()).toEqual(Object.keys(all).sort());
  });
});
