/** What is wrong with a flow spec. All of it is found before anything is thrown. */
import { listed, MillraceError, sentenceAbout } from "@millrace/core";

/** One thing that is wrong. */
export interface SpecIssue {
  /** Where: `tasks[3].precursors[0]`. */
  readonly path: string;
  /** What, as the end of a sentence that begins with the path. */
  readonly message: string;
}

/** Takes an issue down. */
export type Report = (path: string, message: string) => void;

/**
 * What `read` makes of a spec.
 * @throws MillraceError `flow-spec-invalid`, whose data lists every issue with its path.
 */
export function readWithoutIssues<T>(what: string, read: (report: Report) => T): T {
  const issues: SpecIssue[] = [];
  const value = read((path, message) => issues.push({ path, message }));
  if (issues.length === 0) return value;
  const lines = issues.map(({ path, message }) => sentenceAbout(path || "It", message));
  throw new MillraceError("flow-spec-invalid", `${what}:\n${listed(lines)}`, {
    hint: "Correct what the paths name. docs/flow-specs.md describes specs.",
    data: { issues },
  });
}
