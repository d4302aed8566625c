/**
 * Runs `container` nodes by the command-line clients of Docker or Podman. The daemon outlives this process, and so may a container: it is
 * labelled with its step, taken away when this process dies, and looked for before the step is tried again.
 */
import { execFile } from "node:child_process";
import { availableParallelism } from "node:os";
import { promisify } from "node:util";
import { type Clock, MillraceError, systemClock } from "@millrace/core";
import { runHeld } from "../process/run-held.js";
import type { CommandResult } from "../shell/shell-spawner.js";
import { commandFailed } from "../spawn/command-end.js";
import type { SpawnedJob, Spawner } from "../spawn/spawner.js";
import { clientArgs, isPodman, runArgs, stepLabel } from "./container-args.js";
import { findOnPath } from "./find-on-path.js";

/** How containers are run. */
export interface ContainerSpawnerOptions {
  /** `docker` or `podman`, or the path of either. Default: the first of them on the PATH, looked for when a container is to run. */
  readonly client?: string;
  /** Further arguments of the client's `run`, before the image: `["--user", "1000"]`. */
  readonly args?: readonly string[];
  /** Containers that run at once. Default: the machine's parallelism. */
  readonly maxConcurrency?: number;
  /** Source of time for the pauses of a machine that has no room for a process. */
  readonly clock?: Clock;
}

/** Takes every container with a label away. Arguments: the label, the client and its own arguments. */
const REMOVE = `label=$1; shift
ids=$("$@" ps --all --quiet --filter "label=$label") || exit
[ -z "$ids" ] || "$@" rm --force $ids > /dev/null`;

/** How long that may take, ms: a daemon that hangs must not hang a run. */
const REMOVAL_MS = 60_000;

const execute = promisify(execFile);

/** A spawner of containers. */
export class ContainerSpawner implements Spawner {
  readonly maxConcurrency: number;
  readonly #client: string | undefined;
  readonly #args: readonly string[];
  readonly #clock: Clock;

  constructor({ client, args = [], maxConcurrency, clock = systemClock }: ContainerSpawnerOptions = {}) {
    this.maxConcurrency = maxConcurrency ?? availableParallelism();
    this.#client = client;
    this.#args = args;
    this.#clock = clock;
  }

  async spawn(job: SpawnedJob, signal: AbortSignal): Promise<CommandResult> {
    const { container } = job;
    if (!container)
      throw new MillraceError("invalid-options", "Only `container` nodes run in containers.", {
        hint: "Give it as `containers`, not as `executor` or `commands`.",
      });
    const client = this.#client ?? (await findOnPath(["docker", "podman"])) ?? "docker";
    const own = [client, ...clientArgs(container, isPodman(client))];
    const remove = ["bash", "-c", REMOVE, "bash", stepLabel(job), ...own];
    await this.#removeLeft(job, remove);
    signal.throwIfAborted();
    // The client may be killed without its container.
    const killed = once(job.kill, () => this.#removeLeft(job, remove));
    const { image: _, args: __, env: ___, ...surroundings } = container;
    const program = {
      ...surroundings,
      argv: [...own, ...runArgs(job, container, this.#args)],
      env: process.env,
      lastAct: remove,
    };
    const end = await runHeld(job, program, { signal, clock: this.#clock }).catch((cause: Error) => {
      throw unusable(job, client, cause);
    });
    await killed();
    if (signal.aborted) await this.#removeLeft(job, remove);
    if (end.code !== 0) throw commandFailed(job, end);
    return { code: 0, ...(end.stdout === undefined ? {} : { stdout: end.stdout }) };
  }

  /** Takes away what an earlier attempt has left, whose process died. Rejects if that cannot be told: two must not run at once. */
  async #removeLeft(job: SpawnedJob, [program = "", ...args]: readonly string[]): Promise<void> {
    await execute(program, args, { timeout: REMOVAL_MS, killSignal: "SIGKILL" }).catch(
      (error: Error & { readonly stderr?: string }) => {
        throw unusable(job, args.slice(4).join(" "), error);
      },
    );
  }
}

/** Acts when a signal is aborted; what it returns waits for the act. */
function once(signal: AbortSignal, act: () => Promise<void>): () => Promise<void> {
  let acted = Promise.resolve();
  const begin = (): void => {
    acted = act();
    // Whoever waits for it hears of it.
    acted.catch(() => {});
  };
  if (signal.aborted) begin();
  else signal.addEventListener("abort", begin, { once: true });
  return () => acted;
}

function unusable(
  { node, key }: SpawnedJob,
  client: string,
  cause: Error & { readonly stderr?: string },
): MillraceError {
  const said = cause.stderr?.trim().split("\n").at(-1) || cause.message;
  return new MillraceError("command-failed", `The container of ${node} could not be run by ${client}: ${said}`, {
    hint: "It needs docker or podman on the PATH, and a daemon that answers, if the client has one. For Apptainer give `containers` in package.json.",
    data: { step: key, code: null, signal: null },
    cause,
  });
}
