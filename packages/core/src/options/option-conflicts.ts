/** Options that are right one by one and contradict each other. Pure; the build reports them, the engine goes by them as they are. */
import { formatDuration, parseDuration } from "./duration.js";
import type { RetryOptions, StepOptions } from "./step-options.js";

/** One contradiction. */
export interface OptionConflict {
  /** The option without effect: `retry.delay`. */
  readonly path: string;
  /** The option that takes its effect; the same where an option defeats itself, or where the other one is missing. */
  readonly against: string;
  /** What is wrong, as the end of a sentence about `path`. */
  readonly message: string;
  /** What to do. */
  readonly hint: string;
}

/** Contradictions of options that `checkOptions` accepts, task and call merged. */
export function optionConflicts(options: StepOptions): readonly OptionConflict[] {
  const { retry } = options;
  return [...timeConflicts(options), ...(retry ? retryConflicts(retry) : [])];
}

function timeConflicts({ timeout, totalTimeout, retry }: StepOptions): readonly OptionConflict[] {
  const [attempt, total] = [parseDuration(timeout), parseDuration(totalTimeout)];
  const conflicts: OptionConflict[] = [];
  if (attempt === 0) {
    conflicts.push({
      path: "timeout",
      against: "timeout",
      message: "is 0, so that no attempt can end in time",
      hint: "Give the time that one attempt may take, or leave the option out: then there is no limit.",
    });
  }
  if (total === undefined) return conflicts;
  if (total === 0) {
    return [
      ...conflicts,
      {
        path: "totalTimeout",
        against: "totalTimeout",
        message: "is 0, so that the step can never end in time",
        hint: "Give the time that all attempts together may take, or leave the option out: then there is no limit.",
      },
    ];
  }
  const pauses = retry ? shortestPauses(retry) : 0;
  if (attempt !== undefined && attempt > total) {
    conflicts.push({
      path: "timeout",
      against: "totalTimeout",
      message: `is ${formatDuration(attempt)} for one attempt, but all attempts together have ${formatDuration(total)}`,
      hint: "Raise totalTimeout, or lower timeout.",
    });
  }
  if (pauses >= total && pauses > 0) {
    conflicts.push({
      path: "totalTimeout",
      against: "retry",
      message: `is ${formatDuration(total)}, but the pauses between attempts alone take ${formatDuration(pauses)}`,
      hint: "Raise totalTimeout, or make the pauses shorter.",
    });
  }
  return conflicts;
}

/** What only matters before another attempt. */
const BETWEEN_ATTEMPTS = ["backoff", "delay", "maxDelay", "jitter", "retryOn"] as const;

function retryConflicts(retry: RetryOptions): readonly OptionConflict[] {
  const { attempts = 1, backoff, retryOn } = retry;
  if (attempts === 1) {
    const idle = BETWEEN_ATTEMPTS.filter((name) => retry[name] !== undefined);
    return idle.slice(0, 1).map((name) => ({
      path: `retry.${name}`,
      against: "retry.attempts",
      message: `has no effect: ${retry.attempts === undefined ? "without `attempts` there is one attempt" : "there is one attempt"}`,
      hint: "Write attempts: 2 or more (the first one counts), or leave retry out.",
    }));
  }
  const delay = parseDuration(retry.delay) ?? 0;
  const limit = parseDuration(retry.maxDelay);
  const conflicts: OptionConflict[] = [];
  for (const name of ["backoff", "maxDelay", "jitter"] as const) {
    if (delay > 0 || retry[name] === undefined || (name === "backoff" && backoff === "fixed")) continue;
    if (name === "jitter" && retry.jitter === 0) continue;
    conflicts.push({
      path: `retry.${name}`,
      against: "retry.delay",
      message: "has no effect: there is no pause between attempts, as `delay` is 0 or missing",
      hint: 'Write delay: "1s", or leave this option out.',
    });
  }
  if (delay > 0 && limit !== undefined && limit < delay) {
    conflicts.push({
      path: "retry.maxDelay",
      against: "retry.delay",
      message: `is ${formatDuration(limit)}, less than the first pause of ${formatDuration(delay)}, so that no pause is as long as \`delay\` says`,
      hint: "Raise maxDelay, or lower delay.",
    });
  }
  if (retryOn?.length === 0 || (retryOn?.length === 1 && retryOn[0] === "FatalError")) {
    conflicts.push({
      path: "retry.retryOn",
      against: "retry.attempts",
      message: `lets no error have another attempt${retryOn.length === 1 ? ": a FatalError never has one" : ""}, but there are ${attempts}`,
      hint: "Name the errors that are worth another attempt, or leave retryOn out: then all but FatalError are.",
    });
  }
  return conflicts;
}

/** All pauses if every attempt fails, as short as jitter can make them, ms. */
function shortestPauses({ attempts = 1, backoff, delay, maxDelay, jitter = 0 }: RetryOptions): number {
  const first = parseDuration(delay) ?? 0;
  const limit = parseDuration(maxDelay) ?? Number.POSITIVE_INFINITY;
  let sum = 0;
  for (let n = 1; n < attempts && Number.isFinite(sum); n += 1) {
    const factor = backoff === "exponential" ? 2 ** (n - 1) : backoff === "linear" ? n : 1;
    sum += Math.min(first * factor, limit) * (1 - jitter);
  }
  return sum;
}
