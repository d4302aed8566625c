/** Paths as the manifest writes them, and questions about native paths. The last parameter is the platform's rules. */
import path, { type PlatformPath } from "node:path";

/**
 * The path of `file` relative to the folder `from`, with forward slashes. On Windows a file on another drive or share
 * has no relative path: it stays absolute.
 */
export function relativePosix(from: string, file: string, { relative, sep }: PlatformPath = path): string {
  return relative(from, file).split(sep).join("/");
}

/** A path as TypeScript writes it, with forward slashes everywhere, as the platform does. */
export function nativePath(file: string, { normalize }: PlatformPath = path): string {
  return normalize(file);
}

/** True if a file or folder lies below a folder; drive letters and, on Windows, case make no difference. */
export function isInside(folder: string, file: string, rules: PlatformPath = path): boolean {
  const way = rules.relative(folder, file);
  return way !== "" && way !== ".." && !way.startsWith(`..${rules.sep}`) && !rules.isAbsolute(way);
}
