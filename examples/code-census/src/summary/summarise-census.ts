/** The whole census from its measured chunks. Pure; called by the Aggregate task. */
import { addHistograms, emptyHistogram } from "../measure/complexity-histogram.js";
import type { SourceLanguage } from "../measure/source-language.js";
import type { CensusFigures, CensusSummary, Dependency, LanguageFigures, PackageSummary } from "./census-summary.js";
import { findOutliers } from "./find-outliers.js";
import { joinChunks, type MeasuredChunk } from "./measured-package.js";
import { meanComplexity, summarisePackage } from "./summarise-package.js";

/** Adds everything up. `outlierFactor`: median absolute deviations from which a package counts as an outlier. */
export function summariseCensus(chunks: readonly MeasuredChunk[], outlierFactor: number): CensusSummary {
  const measured = joinChunks(chunks);
  const packages = measured.map(summarisePackage);
  const { rule, outliers } = findOutliers(packages, measured, outlierFactor);
  const figures = addUp(packages);
  return {
    totals: {
      packages: packages.length,
      ...figures,
      meanComplexity: meanComplexity(figures),
      hardest: hardestOfAll(packages),
    },
    packages,
    histogram: measured.reduce((sum, entry) => addHistograms(sum, entry.histogram), emptyHistogram()),
    dependencies: countDependencies(measured),
    languages: countLanguages(measured),
    outlierRule: rule,
    outliers,
    unparsable: measured.flatMap((entry) => entry.unparsable.map((file) => ({ package: entry.package.id, ...file }))),
  };
}

function addUp(packages: readonly PackageSummary[]): CensusFigures {
  const sum = (pick: (entry: PackageSummary) => number): number => packages.reduce((total, p) => total + pick(p), 0);
  return {
    files: sum((entry) => entry.files),
    bytes: sum((entry) => entry.bytes),
    lines: sum((entry) => entry.lines),
    functions: sum((entry) => entry.functions),
    complexity: sum((entry) => entry.complexity),
    topLevel: sum((entry) => entry.topLevel),
    unparsable: sum((entry) => entry.unparsable),
  };
}

function hardestOfAll(packages: readonly PackageSummary[]): CensusSummary["totals"]["hardest"] {
  let best: CensusSummary["totals"]["hardest"] = null;
  for (const { id, hardest } of packages) {
    if (hardest && hardest.complexity > (best?.complexity ?? 0)) best = { ...hardest, package: id };
  }
  return best;
}

function countDependencies(measured: readonly MeasuredChunk[]): readonly Dependency[] {
  const found = new Map<
    string,
    { importers: Set<string>; requests: { static: number; dynamic: number; require: number } }
  >();
  for (const { package: importer, imports } of measured) {
    for (const { package: target, kind, count } of imports) {
      if (target === importer.name) continue;
      const entry = found.get(target) ?? {
        importers: new Set<string>(),
        requests: { static: 0, dynamic: 0, require: 0 },
      };
      found.set(target, entry);
      entry.importers.add(importer.id);
      entry.requests[kind] += count;
    }
  }
  return [...found]
    .map(([name, { importers, requests }]) => ({ package: name, importers: importers.size, requests }))
    .sort((a, b) => b.importers - a.importers || (a.package < b.package ? -1 : 1));
}

function countLanguages(measured: readonly MeasuredChunk[]): readonly LanguageFigures[] {
  const found = new Map<SourceLanguage, { files: number; bytes: number; lines: number }>();
  for (const file of measured.flatMap((entry) => entry.files)) {
    const entry = found.get(file.language) ?? { files: 0, bytes: 0, lines: 0 };
    found.set(file.language, entry);
    entry.files += 1;
    entry.bytes += file.bytes;
    entry.lines += file.lines;
  }
  return [...found].map(([language, figures]) => ({ language, ...figures })).sort((a, b) => b.bytes - a.bytes);
}
