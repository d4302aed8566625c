/**
 * Tasks of the type that this handler is given for are jobs: `{ jobType, jobParams }`. A job has a work directory, named by its type and parameters, so
 * that equal jobs of any flows are computed once:
 *
 *   job.json  entrypoint.sh  stdout.log  stderr.log  and what the module writes; COMPLETED, or FAILED with the reason, at the end
 */
import { existsSync } from "node:fs";
import { cp, mkdir, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { canonicalHash, MillraceError, suggestName } from "@millrace/core";
import type { Data } from "../flow-spec.js";
import { paramsOf } from "../handlers/params-of.js";
import { isRecord, shown } from "../json-data.js";
import { reasonOf } from "../reason-of.js";
import type { TaskHandlerParts } from "../task-handler.js";
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
  const { root, runner, env = process.env } = options;
  const going = new Map<string, Promise<void>>();
  return {
    validate: (params) => {
      const type = params.jobType ?? params.job_type;
      const module = typeof type === "string" ? moduleOf(type, options) : undefined;
      const missing = module && runner !== "prebaked" ? unset(module, env) : [];
      return missing.length > 0 ? `needs what the environment does not have: ${missing.join(", ")}` : undefined;
    },
    initialTick: async ({ params, data }) => {
      const job = jobOf(params, options);
      const dir = resolve(root, job.name);
      // Equal jobs of flows that are ticked at once wait for the first of them.
      let work = going.get(job.name);
      if (!work) {
        work = compute(job, dir, options).finally(() => going.delete(job.name));
        going.set(job.name, work);
      }
      await work;
      data.job = job.name;
      data.result = (await job.module.parseWorkDir({ dir, params: job.params })) ?? null;
    },
  };
}

async function compute(job: Job, dir: string, options: JobHandlerOptions): Promise<void> {
  if (existsSync(join(dir, "COMPLETED"))) return;
  const { runner = "run", recordings, env = process.env } = options;
  await rm(dir, { recursive: true, force: true });
  await mkdir(dir, { recursive: true });
  if (runner !== "run" && recordings === undefined)
    throw new MillraceError("task-misuse", `The runner "${runner}" of jobs needs a folder of recordings.`);
  const recording = resolve(recordings ?? dir, job.name);
  if (runner === "prebaked") return playBack(job, recording, dir);
  await writeFile(join(dir, "job.json"), JSON.stringify({ jobType: job.type, jobParams: job.params }, null, 2));
  await job.module.buildWorkDir({ dir, params: job.params });
  try {
    const run = job.module.runWorkDir?.bind(job.module) ?? runEntrypoint;
    await run({ dir, params: job.params, config: configOf(job.module, env) });
  } catch (error) {
    await writeFile(join(dir, "FAILED"), reasonOf(error));
    throw error;
  }
  await writeFile(join(dir, "COMPLETED"), "");
  if (runner === "record") await cp(dir, recording, { recursive: true });
}

async function playBack(job: Job, recording: string, dir: string): Promise<void> {
  if (!existsSync(join(recording, "COMPLETED"))) {
    throw new MillraceError(
      "task-misuse",
      `There is no recording of ${job.type} with these parameters: ${recording}.`,
      {
        hint: 'Run the flow once with the runner "record".',
        data: { recording, jobType: job.type },
      },
    );
  }
  await cp(recording, dir, { recursive: true });
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
    const hash = canonicalHash([type, params]);
    return { name: `${encodeURIComponent(type)}-${hash}`, type, module, params };
  }
  const known = Object.keys(options.modules);
  throw new MillraceError(
    "task-misuse",
    `"${type}" is no job type. ${suggestName(type, known, `There are ${known.join(", ")}`)}.`,
  );
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
