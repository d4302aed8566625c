/** Commands in folders that hold whole installations: the rig's, without input and with time for an install. */
import { type Environment, type FinishedCommand, type RunningCommand, startCommand } from "@millrace/testing";

/** Longest life of a command, ms: an install on a slow machine fits well within. */
export const DEADLINE_MS = 100_000;

/** What is run, and where. */
export interface CommandInFolder {
  readonly cwd: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Environment;
  /** Longest life, ms. Default DEADLINE_MS. */
  readonly deadlineMs?: number;
}

/** Starts a command. */
export function start(options: CommandInFolder): RunningCommand {
  const running = startCommand({ deadlineMs: DEADLINE_MS, ...options });
  running.stdin.end();
  return running;
}

/** Runs a command to its end. */
export function run(
  cwd: string,
  command: string,
  args: readonly string[],
  env: Environment = {},
): Promise<FinishedCommand> {
  return start({ cwd, command, args, env }).done;
}
