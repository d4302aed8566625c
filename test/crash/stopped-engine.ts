/** An engine in a process of its own that is told to stop while its steps are busy (deaf-child.mjs). */
import { fileURLToPath } from "node:url";
import type { RunningCommand, TestProject } from "@millrace/testing";

const CHILD = fileURLToPath(new URL("deaf-child.mjs", import.meta.url));

/** What it does. */
export interface StopRequest {
  readonly flow: string;
  readonly params: object;
  readonly id: string;
  /** Cancel the run, then close the engine; or only close it. */
  readonly stop: "cancel" | "close";
  /** Lines that are logged before it is told to. */
  readonly begun: number;
}

/** What it left at a moment. */
export interface Left {
  /** Since it was told to stop. */
  readonly ms: number;
  /** Worker threads. */
  readonly workers: number;
  /** Open files of the project, without the database. */
  readonly files: readonly string[];
}

/** What it prints. */
export interface StopReport {
  readonly outcome: { readonly status: string; readonly reason?: string };
  /** When the run had been cancelled; the beginning, if it was not to be. */
  readonly cancelled: Left;
  readonly closed: Left;
  /** What kept the process alive. */
  readonly resources: { readonly before: readonly string[]; readonly after: readonly string[] };
}

/** Lets it stop. Its process goes on until its input ends. */
export async function stopped(
  project: TestProject,
  request: StopRequest,
): Promise<readonly [RunningCommand, StopReport]> {
  const command = project.node([CHILD, JSON.stringify(request)]);
  // Safe: what the child prints in one line.
  return [command, JSON.parse(await command.line("outcome")) as StopReport];
}
