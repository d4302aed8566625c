/** Diagnostics for people: code frames on stderr, and their counts. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type BuildDocument, type Diagnostic, formatCount, renderDiagnostics } from "@millrace/core";
import { colorsFor } from "./streams.js";

/** All findings with their code frames, coloured for stderr. */
export async function diagnosticsText(root: string, diagnostics: readonly Diagnostic[]): Promise<string> {
  const files = new Set(diagnostics.flatMap((d) => [d.span.file, ...d.related.map((r) => r.span.file)]));
  const sources = new Map<string, string>();
  for (const file of files) {
    const text = await readFile(join(root, file), "utf8").catch(() => undefined);
    if (text !== undefined) sources.set(file, text);
  }
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
