/** One package's line in the census. */
import type { FileMeasure } from "../measure/measure-file.js";
import type { CensusFigures, LocatedFunction, PackageSummary } from "./census-summary.js";
import type { MeasuredChunk } from "./measured-package.js";

/** Adds up the files of a whole package. */
export function summarisePackage(measured: MeasuredChunk): PackageSummary {
  const { id, name, version, path } = measured.package;
  const figures = addUp(measured);
  const asked = new Set(measured.imports.map((count) => count.package));
  asked.delete(name);
  return {
    id,
    name,
    version,
    path,
    ...figures,
    meanComplexity: meanComplexity(figures),
    hardest: hardestFunction(measured.files),
    imports: [...asked].sort(),
  };
}

/** Complexity per function, or null. */
export function meanComplexity(figures: Pick<CensusFigures, "complexity" | "functions">): number | null {
  return figures.functions === 0 ? null : figures.complexity / figures.functions;
}

function addUp({ files, unparsable }: MeasuredChunk): CensusFigures {
  const sum = (pick: (file: FileMeasure) => number): number => files.reduce((total, file) => total + pick(file), 0);
  return {
    files: files.length,
    bytes: sum((file) => file.bytes),
    lines: sum((file) => file.lines),
    functions: sum((file) => file.functions),
    complexity: sum((file) => file.complexity),
    topLevel: sum((file) => file.topLevel),
    unparsable: unparsable.length,
  };
}

function hardestFunction(files: readonly FileMeasure[]): LocatedFunction | null {
  let best: LocatedFunction | null = null;
  for (const { hardest, path } of files) {
    if (hardest && hardest.complexity > (best?.complexity ?? 0)) best = { ...hardest, file: path };
  }
  return best;
}
