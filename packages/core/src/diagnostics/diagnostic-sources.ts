/** Reads the files that diagnostics point into, for their code frames. Called by whoever prints diagnostics. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Diagnostic } from "./diagnostic.js";

/** Texts by the spans' paths, primary and related; files that cannot be read are left out. `root` is what paths are relative to. */
export async function diagnosticSources(
  root: string,
  diagnostics: readonly Diagnostic[],
): Promise<ReadonlyMap<string, string>> {
  const files = new Set(diagnostics.flatMap((d) => [d.span.file, ...d.related.map((r) => r.span.file)]));
  const sources = new Map<string, string>();
  for (const file of files) {
    const text = await readFile(join(root, file), "utf8").catch(() => undefined);
    if (text !== undefined) sources.set(file, text);
  }
  return sources;
}
