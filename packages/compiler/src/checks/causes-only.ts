/** Leaves out the findings that another one explains: one mistake, one report. Pure; called when all have been found. */
import type { Diagnostic, DiagnosticCode, Span } from "@millrace/core";

/** Code → codes that explain it, if one of its places overlaps theirs. */
const EXPLAINED_BY: Partial<Readonly<Record<DiagnosticCode, readonly DiagnosticCode[]>>> = {
  // The parameter itself is wrong, or the value is a promise that nobody awaits.
  "param-mistyped": ["value-not-sendable", "floating-call", "param-not-public"],
  "param-unknown": ["param-not-public"],
  "dynamic-node": ["name-unresolved", "undecorated-task"],
  "name-unresolved": ["not-exported"],
};

/** The findings that nothing else explains. */
export function causesOnly(found: readonly Diagnostic[]): readonly Diagnostic[] {
  return found.filter((diagnostic) => {
    const causes = EXPLAINED_BY[diagnostic.code] ?? [];
    const places = placesOf(diagnostic);
    return !found.some(
      (cause) =>
        causes.includes(cause.code) && places.some((place) => placesOf(cause).some((at) => overlap(place, at))),
    );
  });
}

function placesOf({ span, related }: Diagnostic): readonly Span[] {
  return [span, ...related.map((other) => other.span)];
}

function overlap(a: Span, b: Span): boolean {
  return (
    a.file === b.file &&
    isBefore(a.line, a.column, b.endLine, b.endColumn) &&
    isBefore(b.line, b.column, a.endLine, a.endColumn)
  );
}

function isBefore(line: number, column: number, otherLine: number, otherColumn: number): boolean {
  return line < otherLine || (line === otherLine && column < otherColumn);
}
