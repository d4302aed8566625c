/** Lines put before a module that asks where it is: its place is that of its source, wherever the output lies. */
import type { ModuleFacts } from "../emit/module-facts.js";
import { urlSpecifier } from "../emit/specifier.js";

/** Identifiers that stand in for what a module reads about itself. */
export const PLACE_DEFINES: Readonly<Record<string, string>> = {
  "import.meta": "__millrace_meta",
  __filename: "__millrace_meta.filename",
  __dirname: "__millrace_meta.dirname",
  // Literal paths of `require` itself are rewritten to lead from the output; these are not.
  "require.resolve": "__millrace_resolve",
};

const PLACE = /\bimport\s*\.\s*meta\b|\b__dirname\b|\b__filename\b/;
const REQUIRE = /\brequire\b/;

/** True if a module's text may ask for its place, or for `require`. */
export function needsBanner(text: string): boolean {
  return PLACE.test(text) || REQUIRE.test(text);
}

/** The banner of a module. `toSource` leads from the output's folder to the source, posix. */
export function moduleBanner({ text, ownRequire }: Pick<ModuleFacts, "text" | "ownRequire">, toSource: string): string {
  const lines = [`const __millrace_url = new URL(${JSON.stringify(urlSpecifier(toSource))}, import.meta.url).href;`];
  if (PLACE.test(text)) {
    lines.push(
      'import { fileURLToPath as __millrace_path } from "node:url";',
      'import { dirname as __millrace_parent } from "node:path";',
      "const __millrace_meta = ((meta, url, filename) => Object.assign(Object.create(null), meta, {",
      "  url, filename, dirname: __millrace_parent(filename),",
      // What is relative is beside the source; packages and builtins are found from the build as well.
      "  resolve: (name) => /^\\.{0,2}\\//.test(name) ? new URL(name, url).href : meta.resolve(name),",
      "}))(import.meta, __millrace_url, __millrace_path(__millrace_url));",
    );
  }
  if (REQUIRE.test(text) && !ownRequire) {
    lines.push(
      'import { createRequire as __millrace_require } from "node:module";',
      "const require = __millrace_require(import.meta.url);",
      "const __millrace_resolve = __millrace_require(__millrace_url).resolve;",
    );
  }
  return lines.join("\n");
}
