/** Lines put before a module that asks where it is: its place is that of its source, wherever the output lies. */

/** Identifiers that stand in for what a module reads about itself. */
export const PLACE_DEFINES: Readonly<Record<string, string>> = {
  "import.meta.url": "__millrace_url",
  "import.meta.filename": "__millrace_filename",
  "import.meta.dirname": "__millrace_dirname",
  __filename: "__millrace_filename",
  __dirname: "__millrace_dirname",
};

/** True if a module's text may ask for its place, or for `require`. */
export function needsBanner(text: string): boolean {
  return /\bimport\.meta\b|\b__dirname\b|\b__filename\b|\brequire\b/.test(text);
}

/** The banner of a module. `toSource` leads from the output's folder to the source, posix. */
export function moduleBanner(text: string, toSource: string): string {
  const lines: string[] = [];
  const named = /\bimport\.meta\.(?:filename|dirname)\b|\b__dirname\b|\b__filename\b/.test(text);
  if (named) {
    lines.push('import { fileURLToPath as __millrace_path } from "node:url";');
    lines.push('import { dirname as __millrace_parent } from "node:path";');
  }
  // A module that makes its own `require` needs none of ours.
  const requires = /\brequire\b/.test(text) && !/\b(?:const|let|var|function)\s+require\b/.test(text);
  if (requires) lines.push('import { createRequire as __millrace_require } from "node:module";');
  if (named || /\bimport\.meta\b/.test(text)) {
    lines.push(`const __millrace_url = new URL(${JSON.stringify(encodeURI(toSource))}, import.meta.url).href;`);
  }
  if (named) {
    lines.push("const __millrace_filename = __millrace_path(__millrace_url);");
    lines.push("const __millrace_dirname = __millrace_parent(__millrace_filename);");
  }
  if (requires) lines.push("const require = __millrace_require(import.meta.url);");
  return lines.join("\n");
}
