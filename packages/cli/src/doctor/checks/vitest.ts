/** Tests that import decorated classes: Vitest does not lower standard decorators without our plugin. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { reached } from "../attempt.js";
import { type Check, ok, warning } from "../check.js";
import { builtModules, hasDecorators, sourceText } from "../decorated-modules.js";
import type { DoctorProject } from "../doctor-site.js";
import { effectiveOptions } from "../effective-options.js";
import { installedVersion } from "../installed-packages.js";

const CONFIGURATION = /^vite(st)?\.(config|workspace)\.[cm]?[jt]s$/;
const PLUGIN = /["'](millrace|@millrace\/testing)\/vitest["']/;
const TEST = /\.(test|spec)\.[cm]?[jt]sx?$/;
const TYPE_IMPORT = /\b(?:im|ex)port\s+type\b[^;"']*["'][^"']*["']/g;
const RELATIVE_IMPORT = /(?:from|import)\s*\(?\s*["'](\.{1,2}\/[^"']+)["']/g;

export const vitest: Check = (site) => {
  const project = reached(site.project);
  const tsconfig = reached(project?.tsconfig);
  if (project === undefined || tsconfig === undefined || reached(project.manifest) === undefined) return undefined;
  const { root } = project;
  const version = installedVersion(root, "vitest");
  if (version === undefined) return undefined;
  if (effectiveOptions(root, tsconfig).experimentalDecorators) {
    return ok(`Vitest ${version}; legacy decorators need no plugin`);
  }
  const configurations = readdirSync(root).filter((name) => CONFIGURATION.test(name));
  if (configurations.some((name) => PLUGIN.test(readFileSync(join(root, name), "utf8")))) {
    return ok(`Vitest ${version} with our plugin`);
  }
  const test = firstImporter(project);
  if (test === undefined) return ok(`Vitest ${version}; no test imports decorators, so it needs no plugin`);
  return warning(
    `${relative(root, test)} imports standard decorators, which Vitest ${version} does not lower`,
    `Add the plugin to ${configurations[0] ?? "vitest.config.ts"}: import { millrace } from "millrace/vitest"; export default defineConfig({ plugins: [millrace()] });`,
  );
};

/** A test that leads to a module with decorators, itself or through modules of the build; absolute. */
function firstImporter(project: DoctorProject): string | undefined {
  const { root } = project;
  const modules = new Map(builtModules(project).map((file) => [withoutExtension(file), file]));
  // The first that has decorators ends the search, so no module needs to be looked at twice.
  const seen = new Set<string>();
  const leadsToDecorators = (file: string): boolean =>
    importsOf(file).some((target) => {
      const source = modules.get(withoutExtension(target));
      if (source === undefined || seen.has(source)) return false;
      seen.add(source);
      return hasDecorators(source) || leadsToDecorators(source);
    });
  return testsBelow(root).find(leadsToDecorators);
}

/** What a module imports by relative paths, types aside; absolute, as it is spelt. */
function importsOf(file: string): readonly string[] {
  const text = sourceText(file)?.replace(TYPE_IMPORT, "") ?? "";
  return [...text.matchAll(RELATIVE_IMPORT)].map(([, specifier = ""]) => resolve(dirname(file), specifier));
}

function withoutExtension(path: string): string {
  return path.replace(/\.[cm]?[jt]sx?$/, "");
}

function testsBelow(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (!entry.isDirectory()) return TEST.test(entry.name) && existsSync(path) ? [path] : [];
    return entry.name === "node_modules" || entry.name.startsWith(".") ? [] : testsBelow(path);
  });
}
