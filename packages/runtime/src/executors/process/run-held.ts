/**
 * A process that somebody holds: what it says goes to the step's log and, up to a limit, into its result, and nothing of it outlives its
 * attempt, not even if this process dies. Places that run commands on this machine are made of it.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import type { Clock, CommandSurroundings } from "@millrace/core";
import type { SpawnedJob } from "../spawn/spawner.js";
import { CommandOutput } from "./command-output.js";
import { openFiles } from "./open-files.js";
import { startPatiently } from "./start-patiently.js";

/**
 * Holds the process group together. The watcher's `read` ends when this process does, however that comes: then it runs its last act and
 * kills all of the group. The program hears signals itself; this shell waits for it to clean up. Arguments: how many words the last act
 * has, those, the program and its arguments. All of them are handed on as they are: no shell reads them.
 */
const KEEPER = `last=("\${@:2:$1}"); shift $(($1 + 1))
trap : TERM
( trap '' TERM; read -r _ <&3; "\${last[@]}"; kill -KILL 0 ) > /dev/null 2>&1 &
"$@" 3<&-`;

/** What is to run. */
export interface HeldProgram extends Pick<CommandSurroundings, "cwd" | "stdin" | "stdout" | "stderr"> {
  /** The program, found on the PATH, and its arguments. */
  readonly argv: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Run if this process dies while the program runs. */
  readonly lastAct?: readonly string[];
}

/** How it ended. */
export interface HeldEnd {
  readonly code: number | null;
  readonly killedBy: NodeJS.Signals | null;
  /** All that it wrote to stdout; absent if that is more than 64 KiB or no UTF-8, and if it went to a file. */
  readonly stdout?: string;
  /** The end of what it wrote to stderr. */
  readonly stderr: string;
}

/** When it is to stop, and whose time that is. */
export interface Holding {
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

/** Runs a program until nothing of it is left. Rejects if it could not be started. */
export async function runHeld(job: SpawnedJob, program: HeldProgram, { signal, clock }: Holding): Promise<HeldEnd> {
  const [stdout, stderr] = [new CommandOutput(job, "info"), new CommandOutput(job, "error")];
  const log: SpawnedJob["log"] = (level, text) => job.log(level, text);
  const child = await startPatiently(() => start(program), { clock, signal, log });
  onceAborted(signal, () => signalGroup(child, "SIGTERM"));
  onceAborted(job.kill, () => signalGroup(child, "SIGKILL"));
  const exited = once(child, "exit").then(([code, killedBy]): Pick<HeldEnd, "code" | "killedBy"> => {
    // What it has left in the background. One that was told to stop has its grace for what is still cleaning up.
    if (!signal.aborted) signalGroup(child, "SIGKILL");
    return { code, killedBy };
  });
  const [end] = await Promise.all([exited, readInto(child.stdout, stdout), readInto(child.stderr, stderr)]);
  signalGroup(child, "SIGKILL");
  const text = program.stdout === undefined ? stdout.text : undefined;
  return { ...end, ...(text === undefined ? {} : { stdout: text }), stderr: stderr.tail };
}

/** What every command is told of its step, as variables. */
export function ownVariables({ run, key, attempt, idempotencyKey }: SpawnedJob): Readonly<Record<string, string>> {
  return {
    MILLRACE_RUN: run,
    MILLRACE_STEP: key,
    MILLRACE_ATTEMPT: String(attempt),
    MILLRACE_IDEMPOTENCY_KEY: idempotencyKey,
  };
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

function start(program: HeldProgram): ChildProcess {
  const { argv, lastAct = [], cwd, env } = program;
  const files = openFiles(program);
  try {
    return spawn("bash", ["-c", KEEPER, "bash", String(lastAct.length), ...lastAct, ...argv], {
      cwd,
      env,
      // A group of its own: signals reach all of it, and those of the terminal reach none of it.
      detached: true,
      stdio: [files.stdin ?? "ignore", files.stdout ?? "pipe", files.stderr ?? "pipe", "pipe"],
    });
  } finally {
    files.close();
  }
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
