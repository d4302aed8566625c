/** Reads what stands where jobs are named. */
import type { JobGroup, Jobs } from "./job-model.js";

/** The groups that are named, in order. */
export function groupsIn(jobs: Jobs): readonly JobGroup[] {
  if (jobs === null || jobs === undefined) return [];
  return isGroup(jobs) ? [jobs] : [...jobs].flatMap(groupsIn);
}

/** Takes the options off the end of a list of arguments. */
export function splitOptions<O extends object>(
  given: readonly (Jobs | O)[],
): readonly [readonly JobGroup[], O | undefined] {
  const last = given.at(-1);
  const isOptions = typeof last === "object" && last !== null && !isGroup(last) && !(Symbol.iterator in last);
  const jobs = (isOptions ? given.slice(0, -1) : given) as readonly Jobs[];
  return [groupsIn(jobs), isOptions ? (last as O) : undefined];
}

function isGroup(given: object): given is JobGroup {
  return "lasts" in given && "members" in given;
}
