/** What the build says about a project: a code, typed data, spans and a remedy. Words and frames are made elsewhere. */
import type { DiagnosticCode, Severity } from "./diagnostic-codes.js";

/** A range in a source file. Lines and columns count from 1, columns in UTF-16 units; `end` is exclusive. */
export interface Span {
  /** Posix path relative to the project's root. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** Another place that belongs to the finding. */
export interface RelatedSpan {
  readonly span: Span;
  /** What this place has to do with it. */
  readonly message: string;
}

/** One finding. */
export interface Diagnostic {
  /** Readable slug; its page is `docs/diagnostics/<code>.md`. */
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  /** One sentence that names the culprit. */
  readonly message: string;
  /** The culprit. */
  readonly span: Span;
  /** Its accomplices. */
  readonly related: readonly RelatedSpan[];
  /** What to do. */
  readonly hint?: string;
  /** Facts behind the sentence; JSON only. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** Orders by file, position and code, so that equal input prints equal output. */
export function compareDiagnostics(a: Diagnostic, b: Diagnostic): number {
  return (
    compareText(a.span.file, b.span.file) ||
    a.span.line - b.span.line ||
    a.span.column - b.span.column ||
    compareText(a.code, b.code) ||
    compareText(a.message, b.message)
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
