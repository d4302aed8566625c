/** A timer whose end holds over all owners of a run: it is on record before anything waits for it. */
import type { RunTimers } from "../../runs/run-timers.js";
import type { Place, RunHost } from "../../steps/unit.js";

/** What a timer is set for. */
export interface TimerSpec {
  readonly host: RunHost;
  readonly timers: RunTimers;
  readonly place: Place;
  /** ms from now, if no end is on record. */
  readonly ms: number;
  /** The end on record, ms since 1970. */
  readonly recorded: number | undefined;
  readonly fire: () => void;
}

/** A timer that runs. */
export interface DurableTimer {
  /** ms since 1970. */
  readonly due: number;
  stop(): void;
}

/** Sets a timer. It never fires before its end has been committed. */
export function setTimer({ host, timers, place, ms, recorded, fire }: TimerSpec): DurableTimer {
  const due = recorded ?? host.clock.now() + ms;
  let stopped = false;
  let cancel = (): void => {};
  const arm = (): void => {
    if (!stopped) cancel = timers.set(due, fire);
  };
  if (recorded === undefined) host.append({ kind: "timer", key: place.key, body: place.body, due }, arm);
  else arm();
  return {
    due,
    stop() {
      stopped = true;
      cancel();
    },
  };
}
