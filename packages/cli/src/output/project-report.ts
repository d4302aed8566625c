/** What did not come to its end in a run of a project, for people. */
import { formatCount } from "@millrace/core";
import type { BlockedTask, TaskOutcome } from "@millrace/jobs";
import type { Colors } from "./streams.js";

/** A task that has failed. */
export interface FailedTask extends Partial<TaskOutcome> {
  readonly name: string;
  /** The last lines that it has written. */
  readonly log: readonly string[];
}

/** What is told. */
export interface ProjectTrouble {
  readonly failed: readonly FailedTask[];
  readonly blocked: readonly BlockedTask[];
  /** Numbers of tasks. */
  readonly skipped: number;
  readonly pending: number;
  readonly orphaned: number;
}

/** Failed tasks that are shown. */
const SHOWN = 5;

/** Lines; empty if there is no trouble. */
export function projectReport(trouble: ProjectTrouble, colors: Colors): string {
  const { failed, blocked, skipped, pending, orphaned } = trouble;
  const more = failed.length - SHOWN;
  const lines = [
    ...failed
      .slice(0, SHOWN)
      .flatMap((task) => [headOf(task, colors), ...task.log.map((line) => colors.dim(`    ${line}`))]),
    ...(more > 0 ? [`${formatCount(more)} more failed: \`flow tasks state:failed\` lists them.`] : []),
    ...blocked.slice(0, SHOWN).map((task) => `${colors.yellow("blocked")} ${task.name}: ${reasonOf(task)}`),
    ...(skipped > 0 ? [`${colors.yellow("skipped")} ${formatCount(skipped, "task")}, for what failed before`] : []),
    ...(failed.length > 0 ? ["Once the cause is gone: `flow project run --retry`."] : []),
    ...(pending > 0 ? [`${formatCount(pending, "task")} left: \`flow project run\` goes on.`] : []),
    ...(orphaned > 0
      ? [`${formatCount(orphaned, "task")} that no source has any more: \`flow prune\` lets go of what is orphaned.`]
      : []),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function reasonOf({ by, missing }: BlockedTask): string {
  return missing ? `nothing has added ${by}` : `${by} is not complete`;
}

function headOf({ name, code, error, attempts = 0 }: FailedTask, colors: Colors): string {
  // Without a code nothing else says why: there was no time, or no program, or somebody has taken it for failed.
  const why = error === undefined ? "" : `: ${error.split("\n", 1)[0]}`;
  const end = code === undefined ? why : ` with code ${code}`;
  return `${colors.red("failed")} ${colors.bold(name)}${attempts > 1 ? ` after ${attempts} attempts` : ""}${end}`;
}
