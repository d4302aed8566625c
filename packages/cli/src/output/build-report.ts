/** How a build is reported: as a document, and as one line for people. Used by `flow build`, `flow check` and `flow dev`. */
import { relative, sep } from "node:path";
import { type BuildDocument, formatCount, formatDuration } from "@millrace/core/project";
import type { Compiler } from "../project/load-compiler.js";
import { countDiagnostics, countsText } from "./diagnostics-text.js";
import { colorsFor } from "./streams.js";

/** What the compiler gives. */
export type BuildResult = Awaited<ReturnType<Compiler["compile"]>>;

/** The document of a build. */
export function buildDocument({ root, diagnostics, built, changed, written }: BuildResult): BuildDocument {
  return {
    ok: built !== undefined,
    root,
    ...built,
    changed,
    written: written.map((path) => relativeTo(root, path)),
    counts: countDiagnostics(diagnostics),
    diagnostics,
  };
}

/** `built in 1.2 s: 3 flows, 4 tasks, build 0a1b2c3d; 1 warning`. */
export function buildSummary(document: BuildDocument, mode: "build" | "check", durationMs: number): string {
  const colors = colorsFor(process.stderr);
  const took = formatDuration(durationMs);
  const { ok, build: hash, flows = [], tasks = [], changed, counts } = document;
  const found = countsText(counts);
  if (!ok) return `${colors.red("failed")} in ${took}: ${found}`;
  const size = `${formatCount(flows.length, "flow")}, ${formatCount(tasks.length, "task")}`;
  const what = mode === "check" ? "checked" : changed ? "built" : "unchanged";
  const name = mode === "build" && hash ? `, build ${hash.slice(0, 8)}` : "";
  return `${colors.green(what)} in ${took}: ${size}${name}${found === "" ? "" : `; ${found}`}`;
}

/** A path as people and documents name it: relative to a folder, with `/`. */
export function relativeTo(root: string, path: string): string {
  return relative(root, path).split(sep).join("/");
}
