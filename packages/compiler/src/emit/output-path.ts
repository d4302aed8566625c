/** Where a source module's output lies inside a build folder. */

/** Stands for `..` in outputs of sources outside the root (workspace packages), so that all stay inside the folder. */
const UP = "__up__";

/** `src/a.ts` → `src/a.mjs`, `data.json` → `data.json.mjs`, `../lib/src/b.ts` → `__up__/lib/src/b.mjs`; posix paths. */
export function outputPath(source: string): string {
  const inside = source
    .split("/")
    .map((part) => (part === ".." ? UP : part))
    .join("/");
  return inside.endsWith(".json") ? `${inside}.mjs` : inside.replace(/\.[cm]?[jt]sx?$/, ".mjs");
}
