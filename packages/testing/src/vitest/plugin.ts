/**
 * The Vitest plugin. Tests import the project's classes as they are in the sources; what they get is what `flow build`
 * makes of them, as modules of the test's own, so that mocks, spies, coverage and stack traces work as everywhere.
 */
import { realpathSync } from "node:fs";
import { join, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { findProject, STATE_PATHS } from "@millrace/core";
import type { Plugin } from "vitest/config";
import { TEST_STATE_DIR } from "../engine/test-state-dir.js";
import { COVERAGE_DIR } from "../graph-coverage/witness-file.js";
import { CoverageReporter, type GraphCoverageOptions } from "./coverage-reporter.js";
import { TestBuild } from "./test-build.js";

/** How the plugin behaves. */
export interface MillraceOptions {
  /** A folder inside the project, relative to Vitest's root. Default: the root. */
  readonly cwd?: string;
  /** Fail each test file that leaves threads, timers or handles behind. Default true. */
  readonly leaks?: boolean;
  /** Report how much of each flow's graph the tests have shown. Default false. */
  readonly graphCoverage?: boolean | GraphCoverageOptions;
}

const LEAK_SETUP = fileURLToPath(new URL("./leak-setup.js", import.meta.url));
/** Queries that ask for something else than the module. */
const OTHER_CONTENT = /[?&](?:raw|url|inline|worker|sharedworker|init)\b/;
const MODULE = /\.[cm]?[jt]sx?$/;
/** What no project resolves: paths, `node:fs`, virtual modules. */
const NO_SPECIFIER = /^(?:[./\\\0]|[a-z][a-z0-9+.-]*:)/i;

/** What Vitest calls its hook for keys of its module cache, which went by another name before version 5. */
interface CacheKeys {
  defineCacheKeyGenerator?(key: (module: { readonly id: string }) => false | undefined): void;
  experimental_defineCacheKeyGenerator?(key: (module: { readonly id: string }) => false | undefined): void;
}

/**
 * Builds the project before the first test, gives tests its modules with the build's stamps, and watches for leaks.
 * Workers find the build through `MILLRACE_TEST_STATE_DIR`, the absolute path of its state folder.
 *
 *     export default defineConfig({ plugins: [millrace()] });
 */
export function millrace({ cwd = ".", leaks = true, graphCoverage = false }: MillraceOptions = {}): Plugin {
  let build: TestBuild;
  let stateDir = "";
  let coverage: CoverageReporter | undefined;

  return {
    name: "millrace",
    // Before Vite's own compiler, which leaves standard decorators as they are.
    enforce: "pre",

    config(config) {
      const folder = realpathSync(resolve(config.test?.root ?? config.root ?? "", cwd));
      stateDir = findProject(folder).stateDir;
      build = new TestBuild(folder, (text) => console.error(text));
      config.test ??= {};
      config.test.env = { ...config.test.env, [TEST_STATE_DIR]: stateDir };
      if (graphCoverage !== false) {
        coverage = new CoverageReporter(stateDir, graphCoverage === true ? {} : graphCoverage);
        config.test.env = { ...config.test.env, [COVERAGE_DIR]: coverage.dir };
      }
      // First, so that what other setup files open and close lies within what it watches.
      if (leaks) config.test.setupFiles = [LEAK_SETUP, ...[config.test.setupFiles ?? []].flat()];
    },

    configureServer({ watcher }) {
      // A build must not cause the next. The folder need not exist yet, so what will lie in it is named, too.
      watcher.unwatch([stateDir, `${posix(stateDir)}/**`]);
    },

    async configureVitest(context) {
      const { vitest } = context;
      // Beside whatever reporters the user has chosen.
      if (coverage) vitest.config.reporters.push(coverage as never);
      const keys: CacheKeys = context;
      const define = keys.defineCacheKeyGenerator ?? keys.experimental_defineCacheKeyGenerator;
      // What a module is compiled to follows from the whole project, not from its own text.
      define?.(({ id }) => (moduleOf(id, build) === undefined ? undefined : false));
      vitest.onTestsRerun(async () => {
        // A failed build has been printed, and fails the tests that load what has changed.
        await build.refresh().catch(() => undefined);
        // The manifest is not watched, but a test may import it.
        for (const file of [...build.takeOutdated(), join(stateDir, STATE_PATHS.manifest)]) {
          vitest.invalidateFile(posix(file));
        }
      });
      try {
        await build.refresh();
      } catch (error) {
        // While watching, the next edit may mend it.
        if (!vitest.config.watch) throw error;
      }
    },

    async resolveId(specifier, importer) {
      if (importer === undefined || NO_SPECIFIER.test(specifier) || isInstalled(importer)) return undefined;
      const found = await build.resolve(specifier, clean(importer));
      return found === undefined ? undefined : posix(found);
    },

    async transform(text, id) {
      const file = moduleOf(id, build);
      return file === undefined ? undefined : await build.compile(file, text);
    },
  };
}

/** The file of a module that the build compiles; undefined for all others. */
function moduleOf(id: string, build: TestBuild): string | undefined {
  const file = clean(id);
  const ours = MODULE.test(file) && !isInstalled(file) && !OTHER_CONTENT.test(id) && !file.startsWith("\0");
  return ours && build.covers(file) ? file : undefined;
}

function isInstalled(id: string): boolean {
  return id.includes("/node_modules/");
}

/** An id without its query. */
function clean(id: string): string {
  return id.replace(/[?#].*$/s, "");
}

/** Vite's ids have slashes everywhere. */
function posix(path: string): string {
  return path.split(sep).join("/");
}
