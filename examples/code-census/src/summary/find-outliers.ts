/**
 * Which packages are far out: their mean complexity lies more than `factor` median absolute deviations above the
 * median. Unlike mean and standard deviation, neither is moved by the outliers themselves.
 */
import type { FileMeasure } from "../measure/measure-file.js";
import type { Outlier, OutlierRule, PackageSummary } from "./census-summary.js";
import type { MeasuredChunk } from "./measured-package.js";

/** Below this a mean says little. */
const MIN_FUNCTIONS = 5;
/** Enough for the report; more would only make the closer look longer. */
const FILES_PER_OUTLIER = 5;
/** Source that one closer look may parse: about as much as one measuring step. */
const BYTES_PER_OUTLIER = 2_000_000;

/** The rule and the packages that break it, farthest out first. `packages` and `measured` are in the same order. */
export function findOutliers(
  packages: readonly PackageSummary[],
  measured: readonly MeasuredChunk[],
  factor: number,
): { readonly rule: OutlierRule; readonly outliers: readonly Outlier[] } {
  const compared = packages.filter((entry) => entry.functions >= MIN_FUNCTIONS);
  const means = compared.map((entry) => entry.meanComplexity ?? 0);
  const middle = median(means);
  const deviation = median(means.map((mean) => Math.abs(mean - middle)));
  const threshold = middle + factor * deviation;

  const outliers: Outlier[] = [];
  for (const [index, entry] of packages.entries()) {
    const mean = entry.meanComplexity ?? 0;
    // Without any spread nothing can be measured in deviations.
    if (entry.functions < MIN_FUNCTIONS || deviation === 0 || mean <= threshold) continue;
    const { id, name, version, path } = entry;
    const files = worthALook(measured[index]?.files ?? []);
    outliers.push({ id, name, version, path, meanComplexity: mean, deviations: (mean - middle) / deviation, files });
  }
  outliers.sort((a, b) => b.deviations - a.deviations);
  const rule = { compared: compared.length, minFunctions: MIN_FUNCTIONS, median: middle, deviation, threshold };
  return { rule, outliers };
}

/** The most complex files, as many as one step can look at. */
function worthALook(files: readonly FileMeasure[]): readonly string[] {
  const chosen: string[] = [];
  let room = BYTES_PER_OUTLIER;
  for (const file of [...files].sort((a, b) => b.complexity - a.complexity)) {
    if (chosen.length === FILES_PER_OUTLIER || file.functions === 0) break;
    if (chosen.length > 0 && file.bytes > room) continue;
    chosen.push(file.path);
    room -= file.bytes;
  }
  return chosen;
}

/** The middle value; 0 of nothing. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const high = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const low = sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
  return (low + high) / 2;
}
