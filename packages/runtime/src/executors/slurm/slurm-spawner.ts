/**
 * Runs the commands of `shell` nodes on a Slurm cluster. A job outlives this process: it is submitted under the key of its attempt, and the
 * process that goes on with the run finds it again, by the id on disk or by its comment, instead of submitting it twice.
 */
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { formatDuration, isMillraceError, MillraceError } from "@millrace/core";
import { pause } from "../pause.js";
import { CommandOutput } from "../process/command-output.js";
import { ownVariables } from "../process/run-held.js";
import type { CommandResult } from "../shell/shell-spawner.js";
import { commandFailed } from "../spawn/command-end.js";
import type { SpawnedCommand, SpawnedJob, Spawner } from "../spawn/spawner.js";
import { FileTail } from "./file-tail.js";
import { type JobEnd, JobPoller } from "./job-poller.js";
import { isJobOf, sbatchArgs } from "./sbatch-args.js";
import { SlurmClient, SlurmError, type SlurmJob } from "./slurm-client.js";
import { type SlurmOptions, type SlurmSettings, slurmSettings } from "./slurm-options.js";
import { cleanSpool, SpoolFolder } from "./spool-folder.js";

/** A submitted job. */
interface Submitted {
  readonly id: string;
  /** An earlier process submitted it. */
  readonly known: boolean;
}

/** A spawner of commands: `openEngine({ commands: new SlurmSpawner({ poll: "10s" }) })`. */
export class SlurmSpawner implements Spawner {
  readonly maxConcurrency: number;
  readonly elsewhere = true;
  readonly #settings: SlurmSettings;
  readonly #client: SlurmClient;
  readonly #poller: JobPoller;
  /** Submissions go one after the other. */
  #submitting: Promise<unknown> = Promise.resolve();
  #cleaned: Promise<void> | undefined;

  /** @throws MillraceError `invalid-duration`. */
  constructor(options: SlurmOptions = {}) {
    this.#settings = slurmSettings(options);
    this.maxConcurrency = this.#settings.maxConcurrency;
    this.#client = new SlurmClient(this.#settings.bin);
    this.#poller = new JobPoller(this.#client, this.#settings);
  }

  async background(signal: AbortSignal): Promise<void> {
    await this.#poller.run(signal);
  }

  async spawn(job: SpawnedJob, signal: AbortSignal): Promise<CommandResult> {
    const { command } = job;
    if (!command)
      throw new MillraceError("invalid-options", "Slurm runs commands, no tasks and no containers.", {
        hint: "Give it as `commands`; containers go there as `new ApptainerSpawner({ commands })`.",
      });
    const { spool, clock } = this.#settings;
    this.#cleaned ??= cleanSpool(spool, clock.now());
    await this.#cleaned;
    const folder = await SpoolFolder.open(spool, command.attemptKey);
    const around = { folder, signal };
    const submitted = (await this.#found(job, command, around)) ?? (await this.#submit(job, command, around));
    job.log("info", `Slurm job ${submitted.id}${submitted.known ? ", submitted before" : ""}.`);
    return await this.#ended(job, submitted, { command, folder, signal });
  }

  /** The job of an attempt that an earlier process submitted. */
  async #found(
    job: SpawnedJob,
    { attemptKey }: SpawnedCommand,
    { folder, signal }: Around,
  ): Promise<Submitted | undefined> {
    const id = await folder.jobId();
    if (id !== undefined) return { id, known: true };
    if (folder.madeBefore === undefined) return undefined;
    // It may have died between the cluster's taking the job and hearing of it.
    const since = folder.madeBefore;
    const left = await this.#persistently(job, signal, () => this.#search(attemptKey, since));
    return left && (await kept(folder, left.id, true));
  }

  /** The newest job of an attempt, in the queue or in the accounts. */
  async #search(attemptKey: string, since: number): Promise<SlurmJob | undefined> {
    const own = (jobs: ReadonlyMap<string, SlurmJob>): SlurmJob | undefined =>
      [...jobs.values()].filter((job) => isJobOf(attemptKey, job)).sort((a, b) => Number(b.id) - Number(a.id))[0];
    // A minute for clocks that differ.
    return own(await this.#client.queue()) ?? own(await this.#client.accountsSince(since - 60_000));
  }

  #submit(job: SpawnedJob, command: SpawnedCommand, around: Around): Promise<Submitted> {
    const submitted = this.#submitting.then(() => this.#submitInTurn(job, command, around));
    const { submitPauseMs, clock } = this.#settings;
    this.#submitting = submitted.then(
      () => pause(submitPauseMs, clock),
      () => {},
    );
    return submitted;
  }

  async #submitInTurn(job: SpawnedJob, command: SpawnedCommand, { folder, signal }: Around): Promise<Submitted> {
    const { args: more } = this.#settings;
    // Not by the clock that times the pauses: the cluster has one of its own.
    const since = Date.now();
    for (const path of [command.stdout, command.stderr])
      if (path !== undefined) await mkdir(dirname(path), { recursive: true });
    const args = sbatchArgs(job, command, { folder, more });
    const env = { ...process.env, ...command.env, ...ownVariables(job) };
    let lost: SlurmError | undefined;
    return await this.#persistently(job, signal, async () => {
      // A submission may reach the cluster though its answer is lost, and after whoever made it has given up.
      const late = lost && (await this.#search(command.attemptKey, since));
      if (late) return await kept(folder, late.id, true);
      try {
        const id = await this.#client.submit(`#!/bin/bash\n${command.command}\n`, args, env);
        return await kept(folder, id, false);
      } catch (error) {
        if (!(error instanceof SlurmError)) throw error;
        lost = error;
        const left = await this.#search(command.attemptKey, since).catch(() => undefined);
        if (!left) throw error;
        // What a cluster refuses, it may keep as a job that failed, without the code of one that has run.
        if (left.code === undefined && this.#isFailure(left.state)) throw notSubmitted(job, error);
        return await kept(folder, left.id, true);
      }
    });
  }

  #isFailure(state: string): boolean {
    const { activeStates, passedStates } = this.#settings;
    return !activeStates.has(state) && !passedStates.has(state);
  }

  /** Asks the cluster again, after pauses, while it does not answer. */
  async #persistently<T>(job: SpawnedJob, signal: AbortSignal, ask: () => Promise<T>): Promise<T> {
    const { submitAttempts, submitRetryMs, clock } = this.#settings;
    for (let attempt = 1; ; attempt++) {
      signal.throwIfAborted();
      try {
        return await ask();
      } catch (error) {
        if (!(error instanceof SlurmError)) throw error;
        if (attempt >= submitAttempts) throw notSubmitted(job, error);
        job.log(
          "warn",
          `${error.message} (attempt ${attempt} of ${submitAttempts}, the next in ${formatDuration(submitRetryMs)})`,
        );
        await pause(submitRetryMs, clock, signal);
      }
    }
  }

  async #ended(
    job: SpawnedJob,
    { id, known }: Submitted,
    { command, folder, signal }: Around & { readonly command: SpawnedCommand },
  ): Promise<CommandResult> {
    const [stdout, stderr] = [new CommandOutput(job, "info"), new CommandOutput(job, "error")];
    const tails = [
      ...(command.stdout === undefined ? [new FileTail(folder.stdout, (chunk) => stdout.add(chunk))] : []),
      ...(command.stderr === undefined ? [new FileTail(folder.stderr, (chunk) => stderr.add(chunk))] : []),
    ];
    const readAll = (): Promise<unknown> => Promise.all(tails.map((tail) => tail.read()));
    const end = await this.#watch(job, { id, known, signal, look: () => void readAll() });
    await readAll();
    stdout.end();
    stderr.end();
    await folder.over();
    tellUsage(job, id, end);
    const { passedStates } = this.#settings;
    if (!passedStates.has(end.state)) throw failed(job, id, { end, stderr: stderr.tail });
    const text = command.stdout === undefined ? stdout.text : undefined;
    return { code: 0, ...(text === undefined ? {} : { stdout: text }) };
  }

  /** Waits for the end of a job. If it is to stop, the cluster is told so; if only this process is, the job goes on. */
  #watch(job: SpawnedJob, { id, known, signal, look }: Watch): Promise<JobEnd> {
    return new Promise((resolve, reject) => {
      let last = "";
      const watcher = {
        seen: (state: string): void => {
          if (state !== last) job.log("debug", `Slurm job ${id} is ${state}.`);
          last = state;
          look();
        },
        ended: resolve,
      };
      const leave = this.#poller.watch(id, watcher, { known });
      const stop = (): void => {
        if (outlives(signal)) {
          leave();
          return reject(signal.reason);
        }
        this.#client.cancel(id).then(
          () => this.#poller.hurry(id),
          (error: SlurmError) => job.log("error", `Slurm job ${id} could not be cancelled: ${error.message}`),
        );
      };
      if (signal.aborted) stop();
      else signal.addEventListener("abort", stop, { once: true });
    });
  }
}

/** Keeps a job's id on disk, before anything is made of it. */
async function kept(folder: SpoolFolder, id: string, known: boolean): Promise<Submitted> {
  await folder.keepJobId(id);
  return { id, known };
}

interface Around {
  readonly folder: SpoolFolder;
  readonly signal: AbortSignal;
}

interface Watch extends Submitted {
  readonly signal: AbortSignal;
  /** Called at each look. */
  look(): void;
}

/** Whether it is this process that is to end, and not the job: another one will go on with the run. */
function outlives({ reason }: AbortSignal): boolean {
  return !isMillraceError(reason) || reason.data?.kind === "process";
}

function tellUsage(job: SpawnedJob, id: string, { state, usage }: JobEnd): void {
  const used = Object.entries(usage).map(([name, value]) => `${name} ${value}`);
  job.log("info", [`Slurm job ${id} is over: ${state}`, ...used].join(", "));
}

function failed(
  job: SpawnedJob,
  id: string,
  { end, stderr }: { readonly end: JobEnd; readonly stderr: string },
): MillraceError {
  const { state, code } = end;
  if (state === "FAILED" && code !== undefined && code !== 0) return commandFailed(job, { code, stderr });
  const { node, key } = job;
  return new MillraceError("command-failed", `The command of ${node} ended as ${state} (Slurm job ${id}).`, {
    hint: "`flow logs` shows all that it said, and what it used.",
    data: { step: key, code: code ?? null, signal: null, state, job: id, stderr },
  });
}

function notSubmitted({ node, key }: SpawnedJob, error: SlurmError): MillraceError {
  return new MillraceError("command-failed", `The command of ${node} could not be submitted: ${error.message}`, {
    hint: "It needs a cluster that answers and takes it: look at its resources, and at `sbatch_args`.",
    data: { step: key, code: null, signal: null },
    cause: error,
  });
}
