/** Graph coverage of a test run: its table, its document, and what falls short of the thresholds. */
import { COVERAGE_PARTS, coverageOf, type GraphCoverage, type GraphWitness, type Manifest } from "@millrace/core";

/** Percentages that each flow must reach, 0 to 100. */
export type CoverageThresholds = { readonly [P in (typeof COVERAGE_PARTS)[number]]?: number };

/** The document: by flow id. */
export interface CoverageDocument {
  readonly flows: Readonly<Record<string, GraphCoverage>>;
}

const NOTHING: GraphWitness = { nodes: [], edges: [], sizes: {} };

/** Compares what tests have shown with the graphs of a build. */
export function coverageDocument(manifest: Manifest, witnesses: ReadonlyMap<string, GraphWitness>): CoverageDocument {
  const flows = Object.entries(manifest.flows).map(([id, { graph }]): [string, GraphCoverage] => [
    id,
    coverageOf(graph, witnesses.get(id) ?? NOTHING),
  ]);
  return { flows: Object.fromEntries(flows) };
}

/** A table for people: a flow a line. */
export function coverageTable({ flows }: CoverageDocument): string {
  const rows = Object.entries(flows).map(([id, coverage]) => [
    id,
    ...COVERAGE_PARTS.map((part) => `${coverage[part].shown}/${coverage[part].total}`),
  ]);
  const table = [["Graph coverage", ...COVERAGE_PARTS], ...rows];
  const widths = (table[0] ?? []).map((_, column) => Math.max(...table.map((row) => (row[column] ?? "").length)));
  const lines = table.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join("  "),
  );
  return lines.join("\n");
}

/** One sentence for each flow and part below its threshold. */
export function coverageFailures({ flows }: CoverageDocument, thresholds: CoverageThresholds): readonly string[] {
  return Object.entries(flows).flatMap(([id, coverage]) =>
    COVERAGE_PARTS.flatMap((part) => {
      const { shown, total, missing } = coverage[part];
      const wanted = thresholds[part];
      const reached = total === 0 ? 100 : (100 * shown) / total;
      if (wanted === undefined || reached >= wanted) return [];
      return [
        `Graph coverage of ${id}: ${part} ${Math.floor(reached)} %, below ${wanted} %. Missing: ${missing.join(", ")}.`,
      ];
    }),
  );
}
