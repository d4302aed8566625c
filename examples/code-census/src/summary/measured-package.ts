/** Puts the measured parts of packages together again. */
import type { ChunkMeasure } from "../measure/chunk-measure.js";
import { addHistograms, emptyHistogram } from "../measure/complexity-histogram.js";
import type { InstalledPackage } from "../packages/package-chunk.js";

/** A chunk with the package that it is a part of: what MeasurePackage gives. */
export interface MeasuredChunk extends ChunkMeasure {
  /** The package. */
  readonly package: InstalledPackage;
}

/** Whole packages, in order of first appearance. Import counts of parts stand side by side. */
export function joinChunks(chunks: readonly MeasuredChunk[]): readonly MeasuredChunk[] {
  const groups = new Map<string, MeasuredChunk[]>();
  for (const chunk of chunks) {
    const group = groups.get(chunk.package.id);
    if (group) group.push(chunk);
    else groups.set(chunk.package.id, [chunk]);
  }
  return [...groups.values()].map(join);
}

function join(parts: readonly MeasuredChunk[]): MeasuredChunk {
  const [first] = parts;
  if (!first) throw new Error("a package has no parts");
  return {
    package: first.package,
    files: parts.flatMap((part) => part.files),
    unparsable: parts.flatMap((part) => part.unparsable),
    histogram: parts.reduce((sum, part) => addHistograms(sum, part.histogram), emptyHistogram()),
    imports: parts.flatMap((part) => part.imports),
  };
}
