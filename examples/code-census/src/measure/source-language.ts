/** Which files are source code, by name alone. */

/** `declaration` is a `.d.ts` file or its `.d.mts` and `.d.cts` kin: types without code. */
export type SourceLanguage = "javascript" | "typescript" | "declaration";

/** The language of a file; undefined if it is no JavaScript or TypeScript. */
export function sourceLanguage(path: string): SourceLanguage | undefined {
  if (/\.d\.[cm]?ts$/.test(path)) return "declaration";
  if (/\.(?:[cm]?ts|tsx)$/.test(path)) return "typescript";
  if (/\.(?:[cm]?js|jsx)$/.test(path)) return "javascript";
  return undefined;
}
