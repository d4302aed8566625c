/** The census as data: what `census.json` holds and the report shows. */
import type { UnparsableFile } from "../measure/chunk-measure.js";
import type { ImportKind } from "../measure/module-import.js";
import type { SourceLanguage } from "../measure/source-language.js";

/** A function with the place where it stands. */
export interface LocatedFunction {
  /** As people call it. */
  readonly name: string;
  /** Relative to its package's folder, posix. */
  readonly file: string;
  /** Where it starts, from 1. */
  readonly line: number;
  /** Cyclomatic complexity. */
  readonly complexity: number;
}

/** Figures that add up, for a package or for everything. */
export interface CensusFigures {
  /** Files that were parsed. */
  readonly files: number;
  /** Size of the parsed files in UTF-8. */
  readonly bytes: number;
  /** Lines of the parsed files. */
  readonly lines: number;
  /** Functions with a body. */
  readonly functions: number;
  /** Cyclomatic complexity of all functions together. */
  readonly complexity: number;
  /** Decision points outside all functions. */
  readonly topLevel: number;
  /** Files that could not be parsed. */
  readonly unparsable: number;
}

/** One installed package. */
export interface PackageSummary extends CensusFigures {
  /** `name@path`. */
  readonly id: string;
  /** Its name. */
  readonly name: string;
  /** Its version; may be empty. */
  readonly version: string;
  /** Its folder, relative to the project, posix. */
  readonly path: string;
  /** Mean complexity of its functions; null if it has none. */
  readonly meanComplexity: number | null;
  /** Its most complex function; null if it has none. */
  readonly hardest: LocatedFunction | null;
  /** Other packages that it asks for, sorted; `node` stands for everything built in. */
  readonly imports: readonly string[];
}

/** A package whose functions are far more complex than those of its peers. */
export interface Outlier {
  /** `name@path`. */
  readonly id: string;
  /** Its name. */
  readonly name: string;
  /** Its version; may be empty. */
  readonly version: string;
  /** Its folder, relative to the project, posix. */
  readonly path: string;
  /** Mean complexity of its functions. */
  readonly meanComplexity: number;
  /** How many median absolute deviations above the median it lies. */
  readonly deviations: number;
  /** Its most complex files, relative to its folder, most complex first. */
  readonly files: readonly string[];
}

/** Where the line between peers and outliers lies. */
export interface OutlierRule {
  /** Packages that were compared: those with enough functions. */
  readonly compared: number;
  /** Functions that a package needs to be compared. */
  readonly minFunctions: number;
  /** Median of the packages' mean complexities. */
  readonly median: number;
  /** Median absolute deviation from it. */
  readonly deviation: number;
  /** Mean complexity above which a package is an outlier. */
  readonly threshold: number;
}

/** How often packages ask for a package. */
export interface Dependency {
  /** The package asked for; `node` stands for everything built in. */
  readonly package: string;
  /** Installed packages whose source asks for it. */
  readonly importers: number;
  /** Requests in the source, by kind. */
  readonly requests: Readonly<Record<ImportKind, number>>;
}

/** Files of one language. */
export interface LanguageFigures {
  /** By the files' names. */
  readonly language: SourceLanguage;
  /** Parsed files. */
  readonly files: number;
  /** Their size in UTF-8. */
  readonly bytes: number;
  /** Their lines. */
  readonly lines: number;
}

/** A file that could not be parsed, with its package. */
export interface LocatedUnparsable extends UnparsableFile {
  /** The package's id. */
  readonly package: string;
}

/** The whole census. */
export interface CensusSummary {
  /** Sums over all packages. */
  readonly totals: CensusFigures & {
    /** Installed packages with source code. */
    readonly packages: number;
    /** Mean complexity of all functions; null if there is none. */
    readonly meanComplexity: number | null;
    /** The most complex function of all, with its package's id. */
    readonly hardest: (LocatedFunction & { readonly package: string }) | null;
  };
  /** Sorted by path. */
  readonly packages: readonly PackageSummary[];
  /** Functions by class of complexity (complexity-histogram.ts). */
  readonly histogram: readonly number[];
  /** Most asked for first. */
  readonly dependencies: readonly Dependency[];
  /** Largest first. */
  readonly languages: readonly LanguageFigures[];
  /** The rule that the outliers break. */
  readonly outlierRule: OutlierRule;
  /** Farthest out first. */
  readonly outliers: readonly Outlier[];
  /** In order of packages and paths. */
  readonly unparsable: readonly LocatedUnparsable[];
}
