/** What one measuring step works on: a package, or a part of a package that would take too long in one go. */

/** A source file of a package. */
export interface SourceFile {
  /** Relative to the package's folder, posix. */
  readonly path: string;
  /** Size on disk. */
  readonly bytes: number;
}

/** An installed package. Two copies of one package in different folders are two. */
export interface InstalledPackage {
  /** Name and place, unique in the census: `name@path`. */
  readonly id: string;
  /** From its package.json, else from its folder. */
  readonly name: string;
  /** From its package.json; empty if it says none. */
  readonly version: string;
  /** Its folder, relative to the project, posix. */
  readonly path: string;
}

/** A package, or a part of one, with the files to measure. */
export interface PackageChunk {
  /** Unique in the census: the package's id, with `#2`, `#3`, … for further parts. */
  readonly id: string;
  /** The package. */
  readonly package: InstalledPackage;
  /** Sorted by path. */
  readonly files: readonly SourceFile[];
}
