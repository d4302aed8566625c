/**
 * Runs `container` nodes by Apptainer or Singularity. There is no daemon: such a container is a process of the command that runs it, so that
 * whoever runs commands runs containers, too, be it bash or a cluster.
 */

import { availableParallelism } from "node:os";
import { basename } from "node:path";
import { MillraceError } from "@millrace/core";
import { ShellSpawner } from "../shell/shell-spawner.js";
import type { SpawnedJob, Spawner } from "../spawn/spawner.js";
import { apptainerCommand } from "./apptainer-command.js";
import { findOnPath } from "./find-on-path.js";

/** How containers are run. */
export interface ApptainerSpawnerOptions {
  /** Name or path. Default: `apptainer` or `singularity`, the first on the PATH. */
  readonly client?: string;
  /** Further arguments of the client's `exec`, before the image: `["--nv"]`. */
  readonly args?: readonly string[];
  /** Who runs the commands that containers become. Default: bash, here. */
  readonly commands?: Spawner;
  /** Containers that run at once. Default: as many as commands. */
  readonly maxConcurrency?: number;
}

/** A spawner of containers: `openEngine({ containers: new ApptainerSpawner({ commands: new SlurmSpawner() }) })`. */
export class ApptainerSpawner implements Spawner {
  readonly maxConcurrency: number;
  readonly elsewhere: boolean;
  /** That of whoever runs the commands. */
  readonly background?: (signal: AbortSignal) => Promise<void>;
  readonly #client: string | undefined;
  readonly #args: readonly string[];
  readonly #commands: Spawner;

  constructor({ client, args = [], commands, maxConcurrency }: ApptainerSpawnerOptions = {}) {
    const place: Spawner = commands ?? new ShellSpawner(availableParallelism());
    this.maxConcurrency = maxConcurrency ?? place.maxConcurrency ?? availableParallelism();
    this.elsewhere = place.elsewhere ?? false;
    if (place.background) this.background = place.background.bind(place);
    this.#client = client;
    this.#args = args;
    this.#commands = place;
  }

  async spawn(job: SpawnedJob, signal: AbortSignal): Promise<unknown> {
    const { container } = job;
    if (!container)
      throw new MillraceError("invalid-options", "Only `container` nodes run in containers.", {
        hint: "Give it as `containers`, not as `executor` or `commands`.",
      });
    if (container.host !== undefined) throw hosted(job);
    // By its name: another machine may have it in another folder.
    const client = this.#client ?? basename((await findOnPath(["apptainer", "singularity"])) ?? "apptainer");
    const command = apptainerCommand(job, container, { client, more: this.#args });
    return await this.#commands.spawn({ ...job, container: undefined, command }, signal);
  }
}

function hosted({ node }: SpawnedJob): MillraceError {
  return new MillraceError(
    "invalid-parameters",
    `The parameter "host" of ${node} cannot be used: Apptainer has no daemon.`,
    {
      hint: "Its containers run where commands run: on a cluster, or on this machine.",
      data: { node, param: "host" },
    },
  );
}
