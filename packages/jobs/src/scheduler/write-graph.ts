/** A scheduler as a job graph, with what its run needs beside the document. */
import {
  type GraphPlace,
  innerPlace,
  JOB_GRAPH_VERSION,
  type JobGraph,
  type JobNode,
  type JobParam,
  type LocalFunction,
  nodeKey,
  rootPlace,
  type StepKey,
} from "@millrace/core";
import type { AnyJob, JobContext, JobSet } from "./job-model.js";
import { edgesAmong } from "./job-order.js";
import { JobResult, resultsIn } from "./job-result.js";
import { nodeIds } from "./node-ids.js";

/** What one run needs. */
export interface WrittenScheduler {
  readonly graph: JobGraph;
  /** Functions of its local jobs, by the names in the graph. */
  readonly locals: Readonly<Record<string, LocalFunction>>;
  /** Tasks and flows of its jobs. */
  readonly classes: readonly unknown[];
  /** Where the run records each job. */
  readonly keys: ReadonlyMap<AnyJob, StepKey>;
}

/** How functions get the resources that they use. */
export interface ResourceAccess {
  /** Calls the function of a job. */
  run(job: AnyJob, fn: (use: JobContext["use"]) => unknown): unknown;
}

/** Writes a scheduler that has been checked. */
export function writeGraph(scheduler: JobSet, access: ResourceAccess): WrittenScheduler {
  const locals: Record<string, LocalFunction> = {};
  const classes = new Set<unknown>();
  const keys = new Map<AnyJob, StepKey>();

  const write = (of: JobSet, place: GraphPlace, trail: string): JobGraph => {
    const ids = nodeIds(of.jobs);
    const idOf = (job: AnyJob): string | undefined => ids.get(job);
    const nodes = of.jobs.map((job): JobNode => {
      // Each has got one above.
      const id = idOf(job) ?? job.label;
      keys.set(job, nodeKey(place, id));
      const { critical, forever } = job;
      return { id, ...written(job, id), critical, ...(forever ? { forever } : {}) };
    });
    return {
      version: JOB_GRAPH_VERSION,
      name: of.label,
      ...(of.timeout === undefined ? {} : { timeout: of.timeout }),
      ...(of.window === undefined ? {} : { window: of.window }),
      nodes,
      edges: edgesAmong(of.jobs, idOf),
    };

    function written(job: AnyJob, id: string): Pick<JobNode, "run" | "params" | "options"> {
      const { work } = job;
      const name = `${trail}${id}`;
      if (work.type === "jobs") return { run: { graph: write(work.scheduler, innerPlace(place, id), `${name}/`) } };
      if (work.type === "named" && work.target !== undefined) classes.add(work.target);
      if (work.type === "local")
        locals[name] = (params, { signal }) =>
          // What the graph gives is what the job's parameters have become.
          access.run(job, (use) => work.run({ signal, params: params as never, use }));
      const params = paramsOf(work.params, idOf);
      const run = work.type === "named" ? work.run : { local: name };
      return { run, params, ...(Object.keys(work.options).length > 0 ? { options: work.options } : {}) };
    }
  };

  return { graph: write(scheduler, rootPlace(scheduler.label), ""), locals, classes: [...classes], keys };
}

/** A parameter; lists and objects that have results in them are written part by part. */
function paramOf(given: unknown, idOf: (job: AnyJob) => string | undefined): JobParam {
  if (given instanceof JobResult) {
    const from = idOf(given.job) ?? "";
    return { from, ...(given.path.length > 0 ? { path: given.path.join(".") } : {}) };
  }
  if (resultsIn(given).length === 0) return { value: given };
  if (Array.isArray(given)) return { list: given.map((item) => paramOf(item, idOf)) };
  // Results are found in lists and in plain objects alone.
  return { fields: paramsOf(given as object, idOf) };
}

/** The properties of an object. What is undefined is left out. */
function paramsOf(given: object, idOf: (job: AnyJob) => string | undefined): Readonly<Record<string, JobParam>> {
  const defined = Object.entries(given).filter(([, value]) => value !== undefined);
  return Object.fromEntries(defined.map(([name, value]) => [name, paramOf(value, idOf)]));
}
