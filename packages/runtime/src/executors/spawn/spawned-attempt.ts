/** One attempt in a spawner's hands: it is told to stop, then that it is to be killed, then left behind. */
import type { AbortReason, Clock, Job, JobOutcome, LogLevel } from "@millrace/core";
import { encodeResult } from "../../attempt/encode-output.js";
import { jobParams } from "../../attempt/job-params.js";
import { capLogText } from "../../attempt/log-text.js";
import { abortError, failedOutcome, stoppedOutcome, unstoppedOutcome } from "../../attempt/outcome.js";
import { resultOfCommand } from "./command-end.js";
import type { SpawnedCommand, SpawnedContainer, SpawnedJob, Spawner } from "./spawner.js";

/** How long an attempt that is to be killed is waited for, ms. */
const KILL_MS = 2_000;

/** Who hears of it, while it is not over. */
export interface SpawnedHost {
  readonly spawner: Spawner;
  readonly clock: Clock;
  log(level: LogLevel, text: string): void;
  progress(fraction: number | undefined, message: string | undefined): void;
}

/** A running attempt. */
export class SpawnedAttempt {
  readonly job: Job;
  readonly #host: SpawnedHost;
  readonly #stop = new AbortController();
  readonly #kill = new AbortController();
  #reason: AbortReason | undefined;
  #over = false;
  #cancelTimer: () => void = () => {};
  #leave: (outcome: JobOutcome) => void = () => {};

  constructor(job: Job, host: SpawnedHost) {
    this.job = job;
    this.#host = host;
  }

  /** Runs it to its end, or until it is left behind; never rejects. */
  async run(): Promise<JobOutcome> {
    const left = new Promise<JobOutcome>((resolve) => {
      this.#leave = resolve;
    });
    const outcome = await Promise.race([this.#spawn(), left]);
    this.#over = true;
    this.#cancelTimer();
    return outcome;
  }

  /** Tells it to stop; after its grace it is killed. Only the first call counts. */
  abort(reason: AbortReason): void {
    if (this.#reason) return;
    this.#reason = reason;
    const { clock } = this.#host;
    this.#cancelTimer = clock.after(this.job.graceMs, () => {
      this.#kill.abort();
      this.#cancelTimer = clock.after(KILL_MS, () =>
        this.#leave(unstoppedOutcome(this.job, reason, "it was abandoned and still runs")),
      );
    });
    this.#stop.abort(abortError(this.job, reason));
  }

  /** Kills it; nobody waits for what comes of it. */
  abandon(): void {
    this.#over = true;
    this.#cancelTimer();
    this.#stop.abort();
    this.#kill.abort();
  }

  async #spawn(): Promise<JobOutcome> {
    let outcome: JobOutcome;
    try {
      const job = this.#spawned();
      const returned: unknown = await this.#host.spawner.spawn(job, this.#stop.signal);
      const result = this.job.command ? resultOfCommand(returned, job) : returned;
      outcome = { type: "succeeded", value: encodeResult(result, this.job) };
    } catch (thrown) {
      outcome = failedOutcome(thrown);
    }
    return this.#reason ? stoppedOutcome(this.#reason, abortError(this.job, this.#reason)) : outcome;
  }

  /** The parameters of a command's job are the command. */
  #commands(params: object): Pick<SpawnedJob, "command" | "container"> {
    const { command: about } = this.job;
    if (!about) return { command: undefined, container: undefined };
    const { kind, ...attempt } = about;
    const asked = { ...params, ...attempt };
    return kind === "shell"
      ? { command: asked as SpawnedCommand, container: undefined }
      : { command: undefined, container: asked as SpawnedContainer };
  }

  #spawned(): SpawnedJob {
    const { run, key, node, task, module, exportName, attempt, attempts, idempotencyKey } = this.job;
    const params = jobParams(this.job);
    return {
      run,
      key,
      node,
      task,
      module,
      exportName,
      attempt,
      attempts,
      idempotencyKey,
      params,
      ...this.#commands(params),
      timeoutMs: this.job.timeoutMs,
      kill: this.#kill.signal,
      log: (level, text) => {
        if (!this.#over) this.#host.log(level, capLogText(text));
      },
      progress: (fraction, message) => {
        if (!this.#over) this.#host.progress(fraction, message);
      },
    };
  }
}
