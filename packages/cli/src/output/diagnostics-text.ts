/** Diagnostics for people: code frames on stderr, and their counts. */
import {
  type BuildDocument,
  type Diagnostic,
  diagnosticSources,
  formatCount,
  renderDiagnostics,
} from "@millrace/core/project";
import { colorsFor } from "./streams.js";

/** All findings with their code frames, coloured for stderr. */
export async function diagnosticsText(root: string, diagnostics: readonly Diagnostic[]): Promise<string> {
  const sources = await diagnosticSources(root, diagnostics);
  return renderDiagnostics(diagnostics, sources, { color: colorsFor(process.stderr).isColorSupported });
}

/** How many of each severity. */
export function countDiagnostics(diagnostics: readonly Diagnostic[]): BuildDocument["counts"] {
  const count = (severity: Diagnostic["severity"]): number => diagnostics.filter((d) => d.severity === severity).length;
  return { errors: count("error"), warnings: count("warning"), hints: count("hint") };
}

/** `2 errors, 1 warning`; empty if there are none. */
export function countsText(counts: BuildDocument["counts"]): string {
  return [
    counts.errors > 0 ? formatCount(counts.errors, "error") : "",
    counts.warnings > 0 ? formatCount(counts.warnings, "warning") : "",
    counts.hints > 0 ? formatCount(counts.hints, "hint") : "",
  ]
    .filter((text) => text !== "")
    .join(", ");
}
