/**
 * Runs the commands of `shell` nodes in bash, on this machine. What a command says goes to the step's log and, up to a limit, into its
 * result. Nothing of it outlives its attempt: not what it leaves in the background, and not the command itself if this process dies.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { MillraceError, type ShellCommand } from "@millrace/core";
import { commandFailed } from "../spawn/command-end.js";
import type { SpawnedJob, Spawner } from "../spawn/spawner.js";
import { CommandOutput } from "./command-output.js";
import { openFiles } from "./open-files.js";

/** The result of a command that has succeeded. */
export interface CommandResult {
  readonly code: 0;
  /** What it wrote to stdout. Absent if that is more than 64 KiB or no UTF-8, and if it went to a file. */
  readonly stdout?: string;
}

/**
 * Holds the command's process group together. The watcher's `read` ends when this process does, however that comes: then all of the
 * group is killed. The command hears signals itself; this shell waits for it to clean up.
 */
const KEEPER = `trap : TERM
( trap '' TERM; read -r _ <&3; kill -KILL 0 ) > /dev/null 2>&1 &
bash -c "$1" 3<&-`;

/** A spawner of commands. */
export class ShellSpawner implements Spawner {
  readonly maxConcurrency: number;

  /** @param maxConcurrency Commands that run at once. */
  constructor(maxConcurrency: number) {
    this.maxConcurrency = maxConcurrency;
  }

  async spawn(job: SpawnedJob, signal: AbortSignal): Promise<CommandResult> {
    const { command } = job;
    if (!command)
      throw new MillraceError("invalid-options", "Bash runs commands, no tasks.", {
        hint: "Give it as `commands`, not as `executor`.",
      });
    const [stdout, stderr] = [new CommandOutput(job, "info"), new CommandOutput(job, "error")];
    const end = await run(job, command, { signal, stdout, stderr }).catch((cause: Error) => {
      throw notStarted(job, command, cause);
    });
    if (end.code !== 0) throw commandFailed(job, { ...end, stderr: stderr.tail });
    return { code: 0, ...(stdout.text === undefined || command.stdout !== undefined ? {} : { stdout: stdout.text }) };
  }
}

/** How a command ended. */
interface CommandEnd {
  readonly code: number | null;
  readonly killedBy: NodeJS.Signals | null;
}

interface Surroundings {
  readonly signal: AbortSignal;
  readonly stdout: CommandOutput;
  readonly stderr: CommandOutput;
}

/** Runs a command until nothing of it is left. Rejects if it could not be started. */
async function run(
  job: SpawnedJob,
  command: ShellCommand,
  { signal, stdout, stderr }: Surroundings,
): Promise<CommandEnd> {
  const child = start(job, command);
  onceAborted(signal, () => signalGroup(child, "SIGTERM"));
  onceAborted(job.kill, () => signalGroup(child, "SIGKILL"));
  // `once` rejects with what the child's `error` event brings.
  const exited = once(child, "exit").then(([code, killedBy]): CommandEnd => {
    // What it has left in the background. One that was told to stop has its grace for what is still cleaning up.
    if (!signal.aborted) signalGroup(child, "SIGKILL");
    return { code, killedBy };
  });
  const [end] = await Promise.all([exited, readInto(child.stdout, stdout), readInto(child.stderr, stderr)]);
  signalGroup(child, "SIGKILL");
  return end;
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // ESRCH: nothing of it is left.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function start(job: SpawnedJob, command: ShellCommand): ChildProcess {
  const files = openFiles(command);
  try {
    return spawn("bash", ["-c", KEEPER, "bash", command.command], {
      cwd: command.cwd,
      env: { ...process.env, ...command.env, ...ownVariables(job) },
      // A group of its own: signals reach all of it, and those of the terminal reach none of it.
      detached: true,
      stdio: [files.stdin ?? "ignore", files.stdout ?? "pipe", files.stderr ?? "pipe", "pipe"],
    });
  } finally {
    files.close();
  }
}

function ownVariables({ run, key, attempt, idempotencyKey }: SpawnedJob): Readonly<Record<string, string>> {
  return {
    MILLRACE_RUN: run,
    MILLRACE_STEP: key,
    MILLRACE_ATTEMPT: String(attempt),
    MILLRACE_IDEMPOTENCY_KEY: idempotencyKey,
  };
}

async function readInto(stream: Readable | null, output: CommandOutput): Promise<void> {
  if (!stream) return;
  for await (const chunk of stream) output.add(chunk as Buffer);
  output.end();
}

function onceAborted(signal: AbortSignal, act: () => void): void {
  if (signal.aborted) act();
  else signal.addEventListener("abort", act, { once: true });
}

function notStarted({ node, key }: SpawnedJob, { cwd }: ShellCommand, cause: Error): MillraceError {
  return new MillraceError("command-failed", `The command of ${node} could not be started: ${cause.message}`, {
    hint: `It needs bash on the PATH, and the folder ${cwd}.`,
    data: { step: key, code: null, signal: null },
    cause,
  });
}
