/**
 * Tasks of the type that this handler is given for are jobs: `{ jobType, jobParams }`. A job has a work directory, named by its type and parameters, so
 * that equal jobs of any flows are computed once:
 *
 *   job.json  entrypoint.sh  stdout.log  stderr.log  and what the module writes; COMPLETED, or FAILED with the reason, at the end; parsed.json
 */
import { existsSync } from "node:fs";
import { cp, mkdir, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { canonicalHash, MillraceError, suggestName } from "@millrace/core";
import type { Data } from "../flow-spec.js";
import { paramsOf } from "../handlers/params-of.js";
import { REFERENCE } from "../interpolate.js";
import { isRecord, shown } from "../json-data.js";
import { reasonOf } from "../reason-of.js";
import type { TaskHandlerParts } from "../task-handler.js";
import { COMPLETED, JobFolders, PARSED } from "./job-folders.js";
import type { JobModule } from "./job-module.js";
import { runEntrypoint } from "./run-entrypoint.js";

/** Options of `jobHandler`. */
export interface JobHandlerOptions {
  /** By job type. */
  readonly modules: Readonly<Record<string, JobModule>>;
  /** Folder of the work directories. */
  readonly root: string;
  /** `prebaked` takes what was recorded in place of a run, `record` runs and records. Default `run`. */
  readonly runner?: "run" | "record" | "prebaked";
  /** Folder of recordings, for the other two. */
  readonly recordings?: string;
  /** How long the claim on a job holds whose process has died, in ms. Default 60,000. */
  readonly claimMs?: number;
  /** Where configuration comes from. Default: the environment of this process. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** A job that is to be. */
interface Job {
  readonly name: string;
  readonly type: string;
  readonly module: JobModule;
  readonly params: Readonly<Data>;
}

/** The handler. The task's data gets `job`, the name of the work directory, and `result`, what the module's parser says. */
export function jobHandler(options: JobHandlerOptions): TaskHandlerParts {
  const { root, runner, claimMs, env = process.env } = options;
  const folders = new JobFolders(root, claimMs);
  return {
    validate: (params) => {
      const type = params.jobType ?? params.job_type;
      if (typeof type !== "string" || type.startsWith(REFERENCE)) return undefined;
      const module = moduleOf(type, options);
      if (!module) return `has the jobType ${unknownType(type, options)}`;
      const missing = runner === "prebaked" ? [] : unset(module, env);
      return missing.length > 0 ? `needs what the environment does not have: ${missing.join(", ")}` : undefined;
    },
    initialTick: async ({ params, data }) => {
      const job = jobOf(params, options);
      const { name, module } = job;
      const dir = folders.folderOf(name);
      await folders.ensure(name, () => compute(job, dir, options));
      if (runner === "record") await record(job, dir, options);
      data.job = name;
      const parser = canonicalHash([String(module.parseWorkDir), module.version ?? null]);
      data.result = await folders.parsed(name, parser, () => module.parseWorkDir({ dir, params: job.params }));
    },
  };
}

async function compute(job: Job, dir: string, options: JobHandlerOptions): Promise<void> {
  const { runner = "run", env = process.env } = options;
  await rm(dir, { recursive: true, force: true });
  await mkdir(dir, { recursive: true });
  if (runner !== "run") recordingOf(job, options);
  if (runner === "prebaked") return playBack(job, dir, options);
  await writeFile(join(dir, "job.json"), JSON.stringify({ jobType: job.type, jobParams: job.params }, null, 2));
  await job.module.buildWorkDir({ dir, params: job.params });
  try {
    const run = job.module.runWorkDir?.bind(job.module) ?? runEntrypoint;
    await run({ dir, params: job.params, config: configOf(job.module, env) });
  } catch (error) {
    await writeFile(join(dir, "FAILED"), reasonOf(error));
    throw error;
  }
  await writeFile(join(dir, COMPLETED), "");
}

/** The folder of a job's recording. @throws MillraceError `task-misuse` if there is none for recordings. */
function recordingOf({ name }: Job, { runner, recordings }: JobHandlerOptions): string {
  if (recordings !== undefined) return resolve(recordings, name);
  throw new MillraceError("task-misuse", `The runner "${runner}" of jobs needs a folder of recordings.`);
}

/** Keeps a finished folder, of a job that was computed before, too. */
async function record(job: Job, dir: string, options: JobHandlerOptions): Promise<void> {
  const recording = recordingOf(job, options);
  if (!existsSync(join(recording, COMPLETED))) await copyJob(dir, recording);
}

async function playBack(job: Job, dir: string, options: JobHandlerOptions): Promise<void> {
  const recording = recordingOf(job, options);
  if (!existsSync(join(recording, COMPLETED))) {
    throw new MillraceError(
      "task-misuse",
      `There is no recording of ${job.type} with these parameters: ${recording}.`,
      {
        hint: 'Run the flow once with the runner "record".',
        data: { recording, jobType: job.type },
      },
    );
  }
  await copyJob(recording, dir);
}

/** What its parser has said stays behind: parsers are what recordings try. The mark comes last, so that half a copy is none. */
async function copyJob(from: string, to: string): Promise<void> {
  const left = [join(from, PARSED), join(from, COMPLETED)];
  await cp(from, to, { recursive: true, filter: (path) => !left.includes(path) });
  await writeFile(join(to, COMPLETED), "");
}

function jobOf(given: Readonly<Data>, options: JobHandlerOptions): Job {
  const { jobType: type, jobParams: params = {} } = paramsOf(given, ["jobType"], ["jobParams"]);
  if (typeof type !== "string" || !isRecord(params))
    throw new MillraceError(
      "task-misuse",
      `A job is { jobType, jobParams }, not ${shown(type)} with ${shown(params)}.`,
    );
  const module = moduleOf(type, options);
  if (module) {
    const { version } = module;
    const hash = canonicalHash([type, params, ...(version === undefined ? [] : [version])]);
    return { name: `${encodeURIComponent(type)}-${hash}`, type, module, params };
  }
  throw new MillraceError("task-misuse", `The jobType is ${unknownType(type, options)}.`);
}

function unknownType(type: string, { modules }: JobHandlerOptions): string {
  const known = Object.keys(modules);
  return `"${type}", which has no module. ${suggestName(type, known, `There are ${known.join(", ")}`)}`;
}

function moduleOf(type: string, { modules }: JobHandlerOptions): JobModule | undefined {
  return Object.hasOwn(modules, type) ? modules[type] : undefined;
}

function unset({ config = {} }: JobModule, env: NonNullable<JobHandlerOptions["env"]>): readonly string[] {
  const required = Object.values(config).filter((spec) => spec.required ?? true);
  return required.filter(({ env: name }) => !env[name]).map(({ env: name }) => name);
}

function configOf({ config = {} }: JobModule, env: NonNullable<JobHandlerOptions["env"]>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(config).flatMap(([name, spec]) => {
      const value = env[spec.env];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}
