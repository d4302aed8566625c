/** Diagnostics as workflow commands of GitHub Actions, which shows them beside the changed lines. Pure. */
import { compareDiagnostics, type Diagnostic } from "./diagnostic.js";
import type { Severity } from "./diagnostic-codes.js";

const COMMAND: Readonly<Record<Severity, string>> = { error: "error", warning: "warning", hint: "notice" };

/** One line for each diagnostic, ordered by file and position; empty text for none. */
export function githubAnnotations(diagnostics: readonly Diagnostic[]): string {
  return [...diagnostics]
    .sort(compareDiagnostics)
    .map(({ code, severity, message, hint, span }) => {
      const { file, line, column, endLine, endColumn } = span;
      // Columns are shown only if the range lies in one line.
      const columns = line === endLine ? `,col=${column},endColumn=${endColumn}` : "";
      const place = `file=${property(file)},line=${line},endLine=${endLine}${columns},title=${property(code)}`;
      return `::${COMMAND[severity]} ${place}::${data(hint === undefined ? message : `${message}\n${hint}`)}`;
    })
    .join("\n");
}

function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
