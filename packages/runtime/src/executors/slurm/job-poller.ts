/** One look at the queue for all jobs, again and again: whoever waits for a job hears how it goes and how it ended. */
import type { Clock } from "@millrace/core";
import { type SlurmClient, SlurmError, type SlurmJob, type SlurmUsage } from "./slurm-client.js";
import type { SlurmSettings } from "./slurm-options.js";

/** Looks in a row in which nobody has a job before it counts as over: the accounting lags behind the queue. */
const LOST_AFTER = 5;
/** Pause between looks while somebody waits for a job that was told to end, ms. */
const HURRY_MS = 1_000;

/** How a job ended. */
export interface JobEnd {
  /** `LOST` if the cluster does not know it any more. */
  readonly state: string;
  readonly code: number | undefined;
  readonly usage: SlurmUsage;
}

/** Who waits for a job. */
export interface JobWatcher {
  /** Called at each look at which the queue has the job. */
  seen(state: string): void;
  ended(end: JobEnd): void;
}

interface Watched extends JobWatcher {
  /** Looks in a row at which the queue did not have it. */
  missing: number;
  hurried: boolean;
}

/** Watches jobs; `run` is its loop. Commands and containers that go to one cluster have a loop each, and their looks in common. */
export class JobPoller {
  readonly #client: SlurmClient;
  readonly #settings: SlurmSettings;
  readonly #clock: Clock;
  readonly #watched = new Map<string, Watched>();
  #nextLook = 0;
  /** The latest time to which a look can be put off. */
  #latestLook = 0;
  #errors = 0;
  /** The look that is being taken. */
  #looking: Promise<void> | undefined;
  /** Loops that wait for the next one. */
  readonly #waiting = new Set<() => void>();

  constructor(client: SlurmClient, settings: SlurmSettings) {
    this.#client = client;
    this.#settings = settings;
    this.#clock = settings.clock;
  }

  /** Watches a job. `known`: it was submitted before, and may be over: there is a look at once. Returns how to leave it. */
  watch(id: string, watcher: JobWatcher, { known }: { readonly known: boolean }): () => void {
    const { pollMs } = this.#settings;
    const now = this.#clock.now();
    if (this.#watched.size === 0) this.#latestLook = now + 2 * pollMs;
    // A look right after a submission shows nothing; with a long row of them it must come all the same.
    this.#nextLook = known ? now : Math.min(now + pollMs, this.#latestLook);
    this.#watched.set(id, { seen: watcher.seen, ended: watcher.ended, missing: 0, hurried: false });
    this.#wake();
    return () => void this.#watched.delete(id);
  }

  /** Looks more often until a job is over. */
  hurry(id: string): void {
    const watched = this.#watched.get(id);
    if (!watched) return;
    watched.hurried = true;
    this.#nextLook = this.#clock.now();
    this.#wake();
  }

  /** Looks until it is told to end. Rejects with a SlurmError after too many looks in a row that failed. */
  async run(signal: AbortSignal): Promise<void> {
    const end = (): void => this.#wake();
    signal.addEventListener("abort", end);
    while (!signal.aborted) {
      const left = this.#watched.size === 0 ? Number.POSITIVE_INFINITY : this.#nextLook - this.#clock.now();
      if (left > 0) {
        await this.#pause(left);
        continue;
      }
      this.#looking ??= this.#lookOnce().finally(() => {
        this.#looking = undefined;
      });
      await this.#looking;
    }
    signal.removeEventListener("abort", end);
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
  }

  /** Ends after a time, or when somebody wakes all that wait. */
  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#waiting.delete(wake);
        cancel();
        resolve();
      };
      const cancel = ms === Number.POSITIVE_INFINITY ? (): void => {} : this.#clock.after(ms, wake);
      this.#waiting.add(wake);
    });
  }

  async #lookOnce(): Promise<void> {
    const { pollErrors, pollMs } = this.#settings;
    try {
      await this.#look();
      this.#errors = 0;
    } catch (error) {
      if (!(error instanceof SlurmError)) throw error;
      this.#errors += 1;
      if (this.#errors > pollErrors)
        throw new SlurmError(`${this.#errors} looks at the cluster in a row failed: ${error.message}`, {
          cause: error,
        });
    }
    const now = this.#clock.now();
    const hurried = [...this.#watched.values()].some((one) => one.hurried);
    this.#nextLook = now + (hurried ? Math.min(HURRY_MS, pollMs) : pollMs);
    this.#latestLook = now + 2 * pollMs;
  }

  async #look(): Promise<void> {
    const { activeStates } = this.#settings;
    // Jobs that are submitted meanwhile are not in the answer.
    const asked = [...this.#watched];
    const queue = await this.#client.queue();
    const gone = asked.filter(([id]) => !activeStates.has(queue.get(id)?.state ?? ""));
    for (const [id, watched] of asked) {
      const job = queue.get(id);
      if (!job) continue;
      watched.missing = 0;
      watched.seen(job.state);
    }
    if (gone.length === 0) return;
    const accounts = await this.#client.accounts(gone.map(([id]) => id));
    for (const [id, watched] of gone) {
      const account = accounts.get(id);
      const told: SlurmJob | undefined = queue.get(id) ?? account;
      watched.missing += 1;
      const isOver = told !== undefined && !activeStates.has(told.state);
      // The accounting may go on calling a job running whose end it never heard of.
      if (!isOver && watched.missing < LOST_AFTER) continue;
      this.#watched.delete(id);
      watched.ended({
        state: isOver ? told.state : "LOST",
        code: told?.code ?? account?.code,
        usage: account?.usage ?? {},
      });
    }
  }
}
