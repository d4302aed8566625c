/**
 * The shared resources of one run. Each is opened for the first job that asks, and closed once: when all that may use it are over, or
 * with the run. Whoever follows the run says which jobs are over.
 */
import { type Clock, type Duration, durationMs, formatDuration, MillraceError } from "@millrace/core";
import type { AnyJob, JobContext } from "./job-model.js";
import type { Shared } from "./shared-resource.js";

interface Held {
  /** May use it, and are not over. */
  readonly users: Set<AnyJob>;
  opened: ReturnType<Shared<unknown>["open"]> | undefined;
}

/** Opens and closes. */
export class SharedScope {
  readonly #held = new Map<Shared<unknown>, Held>();
  /** Functions that have not come back, also of jobs that count as over. */
  readonly #running = new Map<AnyJob, Promise<unknown>>();
  readonly #closing = new Set<Promise<void>>();
  readonly #problems: Error[] = [];

  constructor(jobs: readonly AnyJob[]) {
    for (const job of jobs) {
      for (const shared of usesOf(job)) {
        const known = this.#held.get(shared);
        if (known) known.users.add(job);
        else this.#held.set(shared, { users: new Set([job]), opened: undefined });
      }
    }
  }

  /** Calls the function of a job. */
  run(job: AnyJob, fn: (use: JobContext["use"]) => unknown): unknown {
    const use = <T>(shared: Shared<T>): Promise<T> => this.#use(job, shared);
    const result = fn(use);
    if (usesOf(job).length > 0)
      this.#running.set(
        job,
        Promise.resolve(result).catch(() => {}),
      );
    return result;
  }

  /** A job is over: what nobody uses any more is closed. */
  over(job: AnyJob): void {
    for (const [shared, { users }] of this.#held) {
      if (!users.delete(job) || users.size > 0) continue;
      const closing = this.#closeNow(shared).finally(() => this.#closing.delete(closing));
      this.#closing.add(closing);
    }
  }

  /** The run is over: closes the rest. Gives what went wrong, in closing or in doing it in time. */
  async close(clock: Clock, limit: Duration): Promise<readonly Error[]> {
    for (const { users } of [...this.#held.values()]) for (const job of [...users]) this.over(job);
    const limitMs = durationMs(limit, "shutdownTimeout");
    const closed = Promise.all(this.#closing);
    await new Promise<void>((resolve) => {
      const stop = clock.after(limitMs, () => {
        this.#problems.push(overdueError(limitMs));
        resolve();
      });
      void closed.then(() => {
        stop();
        resolve();
      });
    });
    return [...this.#problems];
  }

  async #use<T>(job: AnyJob, shared: Shared<T>): Promise<T> {
    const held = this.#held.get(shared);
    if (!held?.users.has(job)) {
      throw new MillraceError(
        "scheduler-invalid",
        `${job.label} cannot use ${shared.label} ${held ? "any more: it is over" : "without saying so"}.`,
        {
          hint: "List it where the job is made: { uses: [resource] }, and use it before the function ends.",
          data: { job: job.label, resource: shared.label },
        },
      );
    }
    held.opened ??= shared.open();
    // Opened by the very object that has the type.
    return (await held.opened).resource as T;
  }

  /** Waits for functions that still hold it: an aborted job is over before its function has come back. */
  async #closeNow(shared: Shared<unknown>): Promise<void> {
    const users = [...this.#running].filter(([job]) => usesOf(job).includes(shared)).map(([, running]) => running);
    await Promise.all(users);
    const held = this.#held.get(shared);
    if (!held?.opened) return;
    const opened = await held.opened.catch(() => undefined);
    try {
      await opened?.close();
    } catch (cause) {
      this.#problems.push(closeError(shared, cause));
    }
  }
}

function usesOf({ work }: AnyJob): readonly Shared<unknown>[] {
  return work.type === "local" ? work.uses : [];
}

function closeError({ label }: Shared<unknown>, cause: unknown): MillraceError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new MillraceError("close-failed", `Closing ${label} failed: ${reason}`, { data: { resource: label }, cause });
}

function overdueError(limitMs: number): MillraceError {
  return new MillraceError("close-failed", `Resources were not closed within ${formatDuration(limitMs)}.`, {
    hint: "Raise `shutdownTimeout`, or let the functions that use them heed their signal.",
    data: { limitMs },
  });
}
