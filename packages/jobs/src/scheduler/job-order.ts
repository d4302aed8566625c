/** The jobs of one scheduler as a graph without names: who waits for whom, by their place in the list. */
import { type GraphOrder, JOB_GRAPH_VERSION, type JobEdge, type JobGraph, orderGraph } from "@millrace/core";
import type { AnyJob, RequireOptions } from "./job-model.js";
import { type JobResult, resultsIn } from "./job-result.js";

/** The results that a job is given for parameters. */
export function resultsFor({ work }: AnyJob): readonly JobResult[] {
  return work.type === "jobs" ? [] : resultsIn(work.params);
}

/** All that a job waits for, with the policy that a failure of it has here: what it was told to require, and whose results it takes. */
export function requirementsOf(job: AnyJob): ReadonlyMap<AnyJob, NonNullable<RequireOptions["policy"]>> {
  const given = new Map(resultsFor(job).map((result) => [result.job, undefined] as const));
  const all = new Map([...given, ...job.required]);
  return new Map(
    [...all].map(([required, policy]) => [
      required,
      policy ?? (required.critical ? "skip-dependents" : "run-dependents"),
    ]),
  );
}

/** Edges between jobs of a list; `idOf` names them. Requirements of others are left out. */
export function edgesAmong(jobs: readonly AnyJob[], idOf: (job: AnyJob) => string | undefined): readonly JobEdge[] {
  return jobs.flatMap((job) =>
    [...requirementsOf(job)].flatMap(([required, policy]) => {
      const [from, to] = [idOf(required), idOf(job)];
      return from === undefined || to === undefined ? [] : [{ from, to, policy }];
    }),
  );
}

/** A graph whose nodes are the places of the jobs, and which nobody can run: for what asks for order alone. */
export function skeletonOf(jobs: readonly AnyJob[]): JobGraph {
  const places = new Map(jobs.map((job, i) => [job, String(i)]));
  const nodes = jobs.map((_, i) => ({ id: String(i), run: { local: String(i) } }));
  return { version: JOB_GRAPH_VERSION, nodes, edges: edgesAmong(jobs, (job) => places.get(job)) };
}

/** The order of the jobs. */
export function orderJobs(jobs: readonly AnyJob[]): GraphOrder {
  const { nodes, edges } = skeletonOf(jobs);
  return orderGraph(nodes, edges, "skip-dependents");
}

/** The jobs, each behind all that it waits for; otherwise as they stand. Of a cycle those last that are in it or behind it. */
export function inOrder(jobs: readonly AnyJob[]): readonly AnyJob[] {
  const { order } = orderJobs(jobs);
  const placed = order.flatMap((at) => jobs[at] ?? []);
  return [...placed, ...jobs.filter((job) => !placed.includes(job))];
}
