/**
 * Starts, limits and kills worker threads, through Piscina. A lane borrows a thread by one long-lived run. A pool in
 * which a thread did not come up is replaced, since Piscina cannot tell which of its threads hangs; channels that work
 * stay on the old pool until they end.
 */
import { systemClock } from "@millrace/core";
import type { Piscina } from "piscina";
import { CLOSE_RESOURCES_MS } from "../../attempt/open-resources.js";
import { settlesWithin } from "../../attempt/settles-within.js";
import { installedPackage } from "../../loading/installed-package.js";
import { WIRE } from "../../wire/brand.js";
import type { ChannelStart, ResourcesEnd } from "../../wire/to-thread.js";

/** Limits of one thread's heap and stack, as Node's `resourceLimits`. */
export interface ThreadLimits {
  readonly maxOldGenerationSizeMb?: number;
  readonly maxYoungGenerationSizeMb?: number;
  readonly codeRangeSizeMb?: number;
  readonly stackSizeMb?: number;
}

/** How a pool starts threads. */
export interface ThreadPoolOptions {
  /** Most threads at a time, per pool. */
  readonly threads: number;
  /** File URL of the module that serves channels. */
  readonly entry: string;
  readonly limits: ThreadLimits | undefined;
  /** Who else uses a thread: nobody at the same time, so many at the same time, or nobody ever. Default `in-turn`. */
  readonly use?: "in-turn" | "once" | { readonly together: number };
}

/** A borrowed thread. */
export interface ThreadRun {
  /** Fulfils with undefined when the thread has ended the run, or with what ended the thread; never rejects. */
  readonly ended: Promise<{ readonly died: Error } | undefined>;
  /**
   * Fulfils when a thread of the pool has failed before it was ready, perhaps this one: nobody can tell. One that has come up meanwhile,
   * though its word is still under way, is not meant. Never rejects.
   */
  readonly startFailed: Promise<Error>;
  /**
   * Ends the thread, also in a busy loop; `ended` follows. One that others use lives on without a word of this run until they have
   * done with it.
   */
  kill(): void;
  /** Ends a thread that others use, too: whatever they do ends with it. */
  killAll(): void;
  /** True if its thread is not to be used for anything new. */
  readonly retired: boolean;
  /** Fulfils when the thread shows that it lives: never, while its code does not let go of it. */
  answers(): Promise<void>;
  /** Says that the thread has come up. */
  started(): void;
  /** Says that the thread holds resources, which are closed before it is ended. */
  holding(): void;
  /** Says that the thread did not come up: its pool takes no more runs. */
  failed(): void;
}

/** Pools that fail to start a thread in a row before the executor gives up. */
const MAX_REBUILDS = 3;

/**
 * Young generation of a thread, in MiB. A thread at the limit of its heap has 16 MiB left in which to be stopped, and one collection may
 * promote a whole young generation: with a larger one, V8 sometimes gives up first, and takes the process along.
 */
const YOUNG_GENERATION_MIB = 16;

/** How much later than its resources' time a thread may answer, ms: one whose loop is blocked never does. */
const THREAD_LATE_MS = 500;

/** One Piscina and what runs on it. */
interface Generation {
  readonly piscina: Piscina;
  readonly runs: Set<ThreadRun>;
  /** Tells runs that have not started: Piscina keeps a run waiting whose thread dies before it is ready. */
  readonly starting: Map<ThreadRun, (error: Error) => void>;
  retired: boolean;
  /** Some of its threads hold resources, or did. */
  holds: boolean;
}

/** Threads of one executor. */
export class ThreadPool {
  readonly #options: ThreadPoolOptions;
  readonly #leaving = new Set<Promise<unknown>>();
  readonly #generations = new Set<Generation>();
  #current: Generation | undefined;
  #failedInARow = 0;

  constructor(options: ThreadPoolOptions) {
    this.#options = options;
  }

  /** True when pool after pool has failed to start a thread. */
  get broken(): boolean {
    return this.#failedInARow > MAX_REBUILDS;
  }

  /** Borrows a thread, which is started if none is idle, and opens a channel in it. @param limits Of this thread alone, if it is used once. */
  borrow(start: ChannelStart, limits?: ThreadLimits): ThreadRun {
    const generation = this.#generation(limits);
    const { piscina, runs, starting } = generation;
    const control = new AbortController();
    // Piscina gives a thread whose run can be aborted to nobody else.
    const signal = this.#isShared ? null : control.signal;
    const long = piscina.run(start, { transferList: [start.port], signal });
    let end: (how: { readonly died: Error } | undefined) => void = () => {};
    let failStart: (error: Error) => void = () => {};
    const run: ThreadRun = {
      ended: new Promise((resolve) => {
        end = resolve;
      }),
      startFailed: new Promise((resolve) => {
        failStart = resolve;
      }),
      kill: () => {
        if (!this.#isShared) return control.abort();
        this.#retire(generation);
        end(undefined);
      },
      killAll: () => {
        this.#retire(generation);
        this.#destroy(generation);
      },
      get retired() {
        return generation.retired;
      },
      answers: () => piscina.run({ wire: WIRE }),
      started: () => {
        starting.delete(run);
        if (generation === this.#current || this.#options.use === "once") this.#failedInARow = 0;
      },
      holding: () => {
        generation.holds = true;
      },
      failed: () => {
        if (generation === this.#current || this.#options.use === "once") this.#failedInARow += 1;
        this.#retire(generation);
        if (this.#isShared) this.#destroy(generation);
        else control.abort();
      },
    };
    runs.add(run);
    starting.set(run, failStart);
    long.then(
      () => end(undefined),
      (error: unknown) => end({ died: error instanceof Error ? error : new Error(String(error)) }),
    );
    void run.ended.then(() => {
      runs.delete(run);
      starting.delete(run);
      if (generation.retired && runs.size === 0) this.#leave(generation);
    });
    return run;
  }

  /** Ends all threads, whatever they do, after free ones have closed their resources; fulfils when they are gone. */
  async close(): Promise<void> {
    this.#current = undefined;
    await Promise.all([...this.#generations].filter(({ holds }) => holds).map(closeResources));
    for (const generation of this.#generations) this.#destroy(generation);
    while (this.#leaving.size > 0) await Promise.allSettled(this.#leaving);
  }

  get #isShared(): boolean {
    return typeof this.#options.use === "object";
  }

  #generation(limits: ThreadLimits | undefined): Generation {
    if (this.#options.use === "once") {
      const fresh = this.#build(limits);
      fresh.retired = true;
      return fresh;
    }
    this.#current ??= this.#build(undefined);
    return this.#current;
  }

  #retire(generation: Generation): void {
    if (generation === this.#current) this.#current = undefined;
    generation.retired = true;
  }

  #build(own: ThreadLimits | undefined): Generation {
    const { threads, entry, limits, use } = this.#options;
    // Safe: the package's own types. Loaded with the first thread; its worker is a file beside it, so a bundle cannot hold it.
    const { Piscina } = installedPackage().require("piscina") as typeof import("piscina");
    const piscina = new Piscina({
      filename: entry,
      minThreads: 0,
      maxThreads: use === "once" ? 1 : threads,
      // One more: whether the thread lives can be asked of a full one, too.
      concurrentTasksPerWorker: typeof use === "object" ? use.together + 1 : 1,
      // Threads stay warm until the executor closes; Piscina unrefs idle ones.
      idleTimeout: Number.POSITIVE_INFINITY,
      // A thread that waits in Atomics.wait would freeze timers and sockets that steps have left open.
      atomics: "disabled",
      execArgv: [],
      recordTiming: false,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MIB, ...limits, ...own },
    });
    const generation: Generation = { piscina, runs: new Set(), starting: new Map(), retired: false, holds: false };
    piscina.on("error", (error: Error) => {
      for (const fail of [...generation.starting.values()]) fail(error);
    });
    // Piscina forgets a thread that it ends, or that ends by itself, before it has gone.
    piscina.on("workerDestroy", ({ id }: { readonly id: number }) => {
      const thread = piscina.threads.find((each) => each.threadId === id);
      // One that has gone has no number any more.
      if (thread && id !== -1) this.#follow(new Promise((resolve) => thread.once("exit", resolve)));
    });
    this.#generations.add(generation);
    return generation;
  }

  /** Nobody uses it any more: its threads end in order. */
  #leave(generation: Generation): void {
    if (!generation.holds) return this.#destroy(generation);
    this.#follow(closeResources(generation).then(() => this.#destroy(generation)));
  }

  #destroy(generation: Generation): void {
    if (!this.#generations.delete(generation)) return;
    this.#follow(generation.piscina.destroy());
  }

  #follow(leaving: Promise<unknown>): void {
    this.#leaving.add(leaving);
    void leaving.then(
      () => this.#leaving.delete(leaving),
      () => this.#leaving.delete(leaving),
    );
  }
}

/** Lets the threads of a pool close what they hold: one run for each, since a thread that is at work takes no other. */
async function closeResources({ piscina }: Generation): Promise<void> {
  const end: ResourcesEnd = { wire: WIRE, closeWithinMs: CLOSE_RESOURCES_MS };
  const closing = piscina.threads.map(async () => {
    // What our entry gives for this argument. A thread that dies has nothing left to close.
    const problems = (await piscina.run(end).catch(() => [])) as readonly string[];
    for (const problem of problems) process.stderr.write(`${problem}\n`);
  });
  await settlesWithin(Promise.all(closing), systemClock, CLOSE_RESOURCES_MS + THREAD_LATE_MS);
}
