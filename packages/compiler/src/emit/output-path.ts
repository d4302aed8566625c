/** Where a source module's output lies inside a build folder. */

/** Stands for `..` in outputs of sources outside the root (workspace packages), so that all stay inside the folder. */
const UP = "__up__";
/** Node would take a folder of the real name for packages that can be imported. */
const PACKAGES = "__node_modules__";
/** Extensions of modules: a name that has one below its `.ts` keeps both, so that two sources never share an output. */
const MODULE = /\.(?:[cm]?[jt]sx?|json)$/;

/**
 * `src/a.ts` → `src/a.mjs`, `src/a.mts` → `src/a.mts.mjs`, `data.json` → `data.json.mjs`, `../lib/src/b.ts` →
 * `__up__/lib/src/b.mjs`; posix paths, absolute ones (`D:/lib/b.ts`, of another drive) included.
 */
export function outputPath(source: string): string {
  const inside = source.split("/").filter((part) => part !== "");
  const path = inside.map((part) => (part === ".." ? UP : part === "node_modules" ? PACKAGES : part.replace(/:$/, UP)));
  const text = path.join("/");
  const stem = text.replace(/\.ts$/, "");
  return stem !== text && !MODULE.test(stem) ? `${stem}.mjs` : `${text}.mjs`;
}
