/** Reads what stands where jobs are named. */
import { MillraceError, renderValue } from "@millrace/core";
import type { JobGroup, Jobs } from "./job-model.js";

/** The groups that are named, in order. @throws MillraceError `scheduler-invalid` if something stands there that names no job. */
export function groupsIn(jobs: Jobs): readonly JobGroup[] {
  if (jobs === null || jobs === undefined) return [];
  if (typeof jobs !== "object") throw namesNone(jobs);
  if (isGroup(jobs)) return [jobs];
  if (!(Symbol.iterator in jobs)) throw namesNone(jobs);
  return [...jobs].flatMap(groupsIn);
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

function namesNone(given: unknown): MillraceError {
  return new MillraceError("scheduler-invalid", `${renderValue(given)} stands where jobs are named, and is none.`, {
    hint: "Name jobs, sequences, schedulers, or lists of them. A function becomes a job by `new Job(fn)`, a label names none, and options stand last.",
  });
}
