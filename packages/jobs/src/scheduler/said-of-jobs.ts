/** What the engine finds wrong with the graph of a scheduler, said of its jobs: whoever made them has never seen the graph. */
import { isMillraceError, type JobGraphIssue } from "@millrace/core";
import { cannotBeRun } from "./check-scheduler.js";
import type { JobSet } from "./job-model.js";

/** Does what reads the graph. @throws MillraceError `scheduler-invalid` for a graph that is refused; else what it throws. */
export function saidOfJobs<T>(scheduler: JobSet, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!isMillraceError(error) || error.code !== "job-graph-invalid") throw error;
    // Whoever refuses a graph lists why.
    const { issues } = error.data as { readonly issues: readonly JobGraphIssue[] };
    throw cannotBeRun(scheduler, issues.map(issueText(scheduler)), error);
  }
}

const issueText =
  (scheduler: JobSet) =>
  ({ path, message }: JobGraphIssue): string => {
    const { names, rest } = placeOf(scheduler, path);
    return [...(names.length > 0 ? [`${names.join(" / ")}:`] : []), ...(rest === "" ? [] : [rest]), message].join(" ");
  };

const NODE = /^nodes\[(\d+)\](?:\.(.*))?$/;

/** The job at a path, by its way through inner schedulers, and what of it is meant. */
function placeOf(
  { jobs }: JobSet,
  path: string,
  names: readonly string[] = [],
): { readonly names: readonly string[]; readonly rest: string } {
  const [, index, within = ""] = NODE.exec(path) ?? [];
  const job = index === undefined ? undefined : jobs[Number(index)];
  if (!job) return { names, rest: path };
  const way = [...names, job.label];
  const inner = "run.graph.";
  if (job.work.type === "jobs" && within.startsWith(inner))
    return placeOf(job.work.scheduler, within.slice(inner.length), way);
  return { names: way, rest: within.replace(/^options\./, "") };
}
