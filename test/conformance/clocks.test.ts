/** The conformance of the clocks that Millrace brings along. */
import { systemClock } from "@millrace/core";
import { ManualClock } from "@millrace/testing";
import { clockConformance } from "@millrace/testing/conformance";
import { vi } from "vitest";

clockConformance("the machine's", () => ({ clock: systemClock }));

// Its timers of 24.8 days and more can only be waited for with Node's timers replaced.
clockConformance("the machine's, on fake timers", () => {
  vi.useFakeTimers();
  return {
    clock: systemClock,
    advance: (ms) => void vi.advanceTimersByTime(ms),
    dispose: () => void vi.useRealTimers(),
  };
});

clockConformance("manual", () => {
  const clock = new ManualClock();
  return { clock, advance: (ms) => clock.advance(ms) };
});
