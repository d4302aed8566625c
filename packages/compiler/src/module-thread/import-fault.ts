/** What can be wrong with an import, in words: it leads nowhere, or to something that Node does not import. */
import { extname } from "node:path";

/** A faulty import. */
export interface ImportFault {
  readonly code: "import-unresolved" | "import-not-loadable";
  readonly message: string;
  readonly hint: string;
  readonly specifier: string;
}

const LOADABLE = new Set([".js", ".mjs", ".cjs", ""]);

/** An import that leads nowhere. `declaration` is the declaration file that the checker found for it, if any. */
export function unresolvedImport(specifier: string, declaration: string | undefined): ImportFault {
  const code = "import-unresolved";
  if (declaration === undefined) {
    const hint = "Install the package, or correct the path; path aliases come from the nearest tsconfig.json.";
    return { code, message: `Cannot find "${specifier}".`, hint, specifier };
  }
  const message = `Cannot find the code of "${specifier}": ${declaration} only declares it.`;
  const hint = "Put the code beside the declarations, or write `import type` if types are all that is needed.";
  return { code, message, hint, specifier };
}

/** What is wrong with importing a file that is left to Node; undefined if nothing is. `file` is posix, relative to the root. */
export function unloadableImport(specifier: string, file: string): ImportFault | undefined {
  const extension = extname(file);
  if (LOADABLE.has(extension)) return undefined;
  const fault = { code: "import-not-loadable", specifier } as const;
  if (/^\.[cm]?tsx?$/.test(extension)) {
    const message = `"${specifier}" leads to ${file}: TypeScript, which Node does not run from node_modules.`;
    const hint =
      "Import JavaScript that the package publishes, or link the package as a workspace: links are compiled.";
    return { ...fault, message, hint };
  }
  return {
    ...fault,
    message: `"${specifier}" leads to ${file}, which is no module for Node.`,
    hint: readingHint(specifier),
  };
}

function readingHint(specifier: string): string {
  const place = JSON.stringify(specifier);
  if (specifier.endsWith(".node")) return `Load it with \`createRequire(import.meta.url)(${place})\`.`;
  const read = `await readFile(new URL(${place}, import.meta.url))`;
  return specifier.endsWith(".wasm") ? `Write \`await WebAssembly.compile(${read})\`.` : `Read it: \`${read}\`.`;
}
