/** What `sbatch` is told of a command. */
import { MillraceError, slurmTime } from "@millrace/core";
import type { SpawnedCommand, SpawnedJob } from "../spawn/spawner.js";
import type { SpoolFolder } from "./spool-folder.js";

/** Characters of a job's key in its name. */
const KEY_IN_NAME = 12;

/** The name of a job: its node, and what tells it from others where accounts keep no comments. */
export function jobName(
  { node }: Pick<SpawnedJob, "node">,
  { attemptKey }: Pick<SpawnedCommand, "attemptKey">,
): string {
  return `${node}.${attemptKey.slice(0, KEY_IN_NAME)}`;
}

/** The comment of a job: its attempt first, by which it is found again. */
export function jobComment({ run, key }: Pick<SpawnedJob, "run" | "key">, command: SpawnedCommand): string {
  const { attemptKey, tags } = command;
  return `millrace ${attemptKey} run=${run} step=${key}${tags.length === 0 ? "" : ` tags=${tags.join(",")}`}`;
}

/** Whether a job is that of an attempt. */
export function isJobOf(
  attemptKey: string,
  { comment, name }: { readonly comment: string; readonly name: string },
): boolean {
  return comment.startsWith(`millrace ${attemptKey} `) || name.endsWith(`.${attemptKey.slice(0, KEY_IN_NAME)}`);
}

/**
 * All arguments but the script. Memory is that of a node, time the hint `walltime` or the step's timeout; what the hint `sbatch_args`
 * says comes last, and wins. @throws MillraceError `invalid-parameters`.
 */
export function sbatchArgs(
  job: SpawnedJob,
  command: SpawnedCommand,
  { folder, more }: { readonly folder: SpoolFolder; readonly more: readonly string[] },
): readonly string[] {
  const { cpus, memory } = command.resources;
  const { walltime = job.timeoutMs, sbatch_args: hinted = [] } = command.hints;
  const time = walltime === undefined ? undefined : slurmTime(walltime);
  if (walltime !== undefined && time === undefined)
    throw unusable(job, "walltime", 'a duration or a time such as "1-12:00:00"');
  const own = [hinted].flat();
  if (!own.every((arg): arg is string => typeof arg === "string"))
    throw unusable(job, "sbatch_args", "a list of texts");
  return [
    "--export=ALL",
    `--job-name=${jobName(job, command)}`,
    `--comment=${jobComment(job, command)}`,
    `--chdir=${command.cwd}`,
    `--output=${file(command.stdout ?? folder.stdout)}`,
    `--error=${file(command.stderr ?? folder.stderr)}`,
    ...(command.stdin === undefined ? [] : [`--input=${file(command.stdin)}`]),
    ...(cpus === undefined ? [] : [`--cpus-per-task=${Math.ceil(cpus)}`]),
    ...(memory === undefined ? [] : [`--mem=${Math.ceil(memory)}M`]),
    ...(time === undefined ? [] : [`--time=${time}`]),
    ...more,
    ...own,
  ];
}

/** Slurm puts things in place of `%` and a letter. */
function file(path: string): string {
  return path.replaceAll("%", "%%");
}

function unusable({ node }: SpawnedJob, hint: string, what: string): MillraceError {
  return new MillraceError("invalid-parameters", `The parameter "hints.${hint}" of ${node} must be ${what}.`, {
    data: { node, param: `hints.${hint}` },
  });
}
