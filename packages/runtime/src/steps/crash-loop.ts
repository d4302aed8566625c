/**
 * The crash-loop breaker. A step that was in flight when its process died is suspect; so are all others that were. From the second
 * time on suspects go one at a time, so that the third time names the culprit, and its neighbours pay with time alone.
 */
import { formatCount, MillraceError } from "@millrace/core";
import type { Place } from "./unit.js";

/** So many times in flight when the process died: the step is failed instead of run. */
const SUSPICION_LIMIT = 3;
/** From so many on, suspects of an engine run one at a time. */
const ALONE_FROM = 2;

/** A suspect runs while no other one does. */
export function runsAlone(suspicions: number): boolean {
  return suspicions >= ALONE_FROM;
}

/** The error of a step that is not run again; undefined if it is. */
export function crashLoop({ node, key, task }: Place, suspicions: number): MillraceError | undefined {
  if (suspicions < SUSPICION_LIMIT) return undefined;
  const times = formatCount(suspicions, "time");
  return new MillraceError(
    "crash-loop",
    `${node} was running each of the ${times} that the process of its run has died, and is not run again.`,
    {
      hint: "Look for what ends the process: native code, memory, a signal from outside. Then let it run once more: resume the failed run.",
      data: { step: key, task, times: suspicions },
    },
  );
}
