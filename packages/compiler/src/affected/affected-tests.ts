/**
 * The tests that a change touches: `flow affected` lists them. Reads the syntax of tests and of what they import, symbol by
 * symbol; runs nothing, checks no types, and builds nothing.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { locateProject } from "../project/locate-project.js";
import { relativePosix } from "../project/relative-posix.js";
import { isTestFile } from "../project/source-files.js";
import { changedSymbols } from "./changed-symbols.js";
import { ON_LOAD } from "./module-symbols.js";
import { SCRIPT, SymbolReach, stem } from "./symbol-reach.js";

/** A file that differs. */
export interface ChangedFile {
  /** Posix, relative to the project's folder. */
  readonly path: string;
  /** Its text before; undefined if it is new. */
  readonly before: string | undefined;
}

/** What changed. */
export interface AffectedTestsRequest {
  /** A folder of the project. */
  readonly cwd: string;
  readonly changed: readonly ChangedFile[];
  /** Other symbols that differ: `file#name`, files relative to the project's folder. */
  readonly symbols: readonly string[];
  /** Ids of tasks and flows that differ: a test that names one in a text runs it. */
  readonly ids: readonly string[];
}

/** Paths of the tests, posix, relative to the project's folder, sorted. @throws MillraceError `project-not-found`. */
export function affectedTests({ cwd, changed, symbols, ids }: AffectedTestsRequest): readonly string[] {
  const { root, tsconfig, stateDir } = locateProject(cwd);
  const tests = testsBelow(root, stateDir);
  // What the runner and all imports go by.
  if (changed.some(({ path }) => touchesAll(path))) return tests.map((file) => relativePosix(root, file)).sort();
  const reach = new SymbolReach(tsconfig, {
    symbols: differing(root, changed, symbols),
    files: new Set(changed.filter(({ path }) => !SCRIPT.test(path)).map(({ path }) => resolve(root, path))),
    removed: new Set(
      changed
        .map(({ path }) => resolve(root, path))
        .filter((file) => !existsSync(file))
        .map(stem),
    ),
    ids: new Set(ids),
  });
  return tests
    .filter((file) => reach.reaches(file))
    .map((file) => relativePosix(root, file))
    .sort();
}

/** Files named `*.test.*` or `*.spec.*`, but none of packages, hidden folders or builds. */
function testsBelow(folder: string, stateDir: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      const foreign = entry.name === "node_modules" || entry.name === "dist" || entry.name.startsWith(".");
      return foreign || path === stateDir ? [] : testsBelow(path, stateDir);
    }
    return SCRIPT.test(entry.name) && isTestFile(path) ? [path] : [];
  });
}

/** Of the project's folder, and of those above it. */
const CONFIGURATION =
  /^(?:\.\.\/)*(package\.json|package-lock\.json|pnpm-lock\.yaml|yarn\.lock|bun\.lock|tsconfig[^/]*\.json|(vitest|vite)\.(config|workspace)\.\w+)$/;

function touchesAll(path: string): boolean {
  return CONFIGURATION.test(path);
}

/** File → names in it that differ. */
function differing(
  root: string,
  changed: readonly ChangedFile[],
  symbols: readonly string[],
): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  const add = (path: string, names: Iterable<string>): void => {
    const file = resolve(root, path);
    found.set(file, new Set([...(found.get(file) ?? []), ...names]));
  };
  for (const { path, before } of changed) {
    const file = resolve(root, path);
    if (!SCRIPT.test(path) || !existsSync(file)) continue;
    add(path, changedSymbols(file, before ?? "", readFileSync(file, "utf8")));
    if (before === undefined) add(path, [ON_LOAD]);
  }
  for (const symbol of symbols) {
    const [path = "", name = ""] = symbol.split("#");
    add(path, [name.split(".")[0] ?? ON_LOAD]);
  }
  return found;
}
