/** What is wrong with tasks or with a recorded project: collected by every stage, thrown once. */
import { listed, MillraceError } from "@millrace/core";

/** Where something stands in a text. */
export interface Place {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

/** One thing that is wrong. */
export interface ProjectIssue {
  /** `tasks[3].after`; empty for the whole. */
  readonly path: string;
  /** Goes on where the path ends: `must be a text`. */
  readonly message: string;
  /** Absent for tasks that are objects. */
  readonly place?: Place;
}

/** What is said around the issues. */
interface Around {
  readonly problem: string;
  readonly hint: string;
}

const NOT_BUILT: Around = {
  problem: "The project cannot be built",
  hint: "Nothing has begun. docs/projects.md describes tasks and their directives.",
};

/** Throws if there are issues. @throws MillraceError `project-invalid`, whose data lists every issue. */
export function throwIssues(issues: readonly ProjectIssue[], { problem, hint }: Around = NOT_BUILT): void {
  if (issues.length === 0) return;
  const lines = issues.map((issue) => `${issueText(issue)}.`);
  throw new MillraceError("project-invalid", `${problem}:\n${listed(lines)}`, {
    hint,
    data: { issues },
  });
}

/** An issue as a sentence without its full stop, with its place in front. */
export function issueText({ path, message, place }: ProjectIssue): string {
  const at = place ? `${place.file}:${place.line}:${place.column}: ` : "";
  return `${at}${path === "" ? "The document" : path} ${message}`;
}
