/** Ids of nodes, made of labels: the same for the same jobs in the same order, in every process. */
import { isNodeId } from "@millrace/core";
import type { AnyJob } from "./job-model.js";

/** What no id can have: spaces, dots, slashes, quotes, brackets, `$`. */
const REFUSED = /[\s./{}[\]"'`$]+/gu;

/** An id for each job; of equal ones the second is `label-2`. */
export function nodeIds(jobs: readonly AnyJob[]): ReadonlyMap<AnyJob, string> {
  const taken = new Set<string>();
  return new Map(
    jobs.map((job) => {
      const stem = job.label.replace(REFUSED, "-").replace(/^-+|-+$/g, "") || "job";
      let id = stem;
      for (let n = 2; taken.has(id) || !isNodeId(id); n++) id = `${stem}-${n}`;
      taken.add(id);
      return [job, id];
    }),
  );
}
