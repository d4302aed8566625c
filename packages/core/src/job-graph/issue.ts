/** What is wrong with a document that runs: a job graph, a rule set. */
import type { ErrorCode } from "../errors/error-codes.js";
import { listed, sentenceAbout } from "../errors/listed.js";
import { MillraceError } from "../errors/millrace-error.js";

/** One thing that is wrong. */
export interface JobGraphIssue {
  /** Where: `nodes[3].params.city`. */
  readonly path: string;
  /** What, as the end of a sentence that begins with the path. */
  readonly message: string;
  /** Where inside the value of a parameter: `rows[0].name`; absent if it is the whole. */
  readonly within?: string;
}

/** Takes an issue down; nothing is thrown before all have been found. */
export type Report = (path: string, message: string, within?: string) => void;

/** Takes issues down in a list. */
export function reportTo(issues: JobGraphIssue[]): Report {
  return (path, message, within = "") => issues.push({ path, message, ...(within === "" ? {} : { within }) });
}

/** How a document that has issues is refused. */
export interface Refusal {
  readonly code: ErrorCode;
  /** The first line, without its colon. */
  readonly summary: string;
  /** What an issue without a path is about. */
  readonly whole: string;
  /** The page that describes the document. */
  readonly page: string;
}

/** The error of a document that has issues. Its data lists them all. */
export function refusal(issues: readonly JobGraphIssue[], { code, summary, whole, page }: Refusal): MillraceError {
  const lines = issues.map(({ path, message }) => sentenceAbout(path || whole, message));
  return new MillraceError(code, `${summary}:\n${listed(lines)}`, {
    hint: `Correct what the paths name. ${page} describes the document.`,
    data: { issues },
  });
}
