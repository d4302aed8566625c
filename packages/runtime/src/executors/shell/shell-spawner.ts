/** Runs the commands of `shell` nodes in bash, on this machine. */
import { existsSync } from "node:fs";
import { type Clock, MillraceError, systemClock } from "@millrace/core";
import { ownVariables, runHeld } from "../process/run-held.js";
import { commandFailed } from "../spawn/command-end.js";
import type { SpawnedJob, Spawner } from "../spawn/spawner.js";

/** The result of a command that has succeeded. */
export interface CommandResult {
  readonly code: 0;
  /** What it wrote to stdout. Absent if that is more than 64 KiB or no UTF-8, and if it went to a file. */
  readonly stdout?: string;
}

/** A spawner of commands. Nothing of a command outlives its attempt, not even if this process dies. */
export class ShellSpawner implements Spawner {
  readonly maxConcurrency: number;
  readonly #clock: Clock;

  /**
   * @param maxConcurrency Commands that run at once.
   * @param clock Source of time for the pauses of a machine that has no room for a process.
   */
  constructor(maxConcurrency: number, clock: Clock = systemClock) {
    this.maxConcurrency = maxConcurrency;
    this.#clock = clock;
  }

  async spawn(job: SpawnedJob, signal: AbortSignal): Promise<CommandResult> {
    const { command } = job;
    if (!command)
      throw new MillraceError("invalid-options", "Bash runs commands, no tasks and no containers.", {
        hint: "Give it as `commands`, not as `executor` or `containers`.",
      });
    const { command: text, ...surroundings } = command;
    const program = {
      ...surroundings,
      argv: ["bash", "-c", text],
      env: { ...process.env, ...command.env, ...ownVariables(job) },
    };
    const end = await runHeld(job, program, { signal, clock: this.#clock }).catch((cause: Error) => {
      throw notStarted(job, command.cwd, cause);
    });
    if (end.code !== 0) throw commandFailed(job, end);
    return { code: 0, ...(end.stdout === undefined ? {} : { stdout: end.stdout }) };
  }
}

function notStarted({ node, key }: SpawnedJob, cwd: string, cause: Error): MillraceError {
  // Node names the program, whichever of the two is missing.
  const why = existsSync(cwd) ? cause.message : `there is no folder ${cwd}`;
  return new MillraceError("command-failed", `The command of ${node} could not be started: ${why}`, {
    hint: `It needs bash on the PATH, and the folder ${cwd}.`,
    data: { step: key, code: null, signal: null },
    cause,
  });
}
