/** Collects what is wrong with a job, stage after stage; nothing is thrown before all has been found. */
import type { Diagnostic, RelatedSpan, Span } from "@millrace/core";

/** Codes of findings in job files. */
export type JobFindingCode = Extract<Diagnostic["code"], `job-${string}`>;

/** A finding without what all of them share. */
export interface JobFinding {
  readonly code: JobFindingCode;
  readonly span: Span;
  /** One sentence. */
  readonly message: string;
  readonly hint?: string;
  readonly related?: readonly RelatedSpan[];
}

/** Takes a finding down. */
export type ReportFinding = (finding: JobFinding) => void;

/** A finding as the diagnostic that it is; all are errors. */
export function jobDiagnostic({ code, span, message, hint, related = [] }: JobFinding): Diagnostic {
  return { code, severity: "error", message, span, related, ...(hint === undefined ? {} : { hint }), data: {} };
}
