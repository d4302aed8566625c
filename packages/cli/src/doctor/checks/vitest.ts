/** Tests that import decorated classes: Vitest does not lower standard decorators without our plugin. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import type { Manifest } from "@millrace/core";
import { reached } from "../attempt.js";
import { type Check, ok, warning } from "../check.js";
import { effectiveOptions } from "../effective-options.js";
import { installedVersion } from "../installed-packages.js";

const CONFIGURATION = /^vite(st)?\.(config|workspace)\.[cm]?[jt]s$/;
const PLUGIN = /["'](millrace|@millrace\/testing)\/vitest["']/;
const TEST = /\.(test|spec)\.[cm]?[jt]sx?$/;
const RELATIVE_IMPORT = /(?:from|import)\s*\(?\s*["'](\.{1,2}\/[^"']+)["']/g;

export const vitest: Check = (site) => {
  const project = reached(site.project);
  const tsconfig = reached(project?.tsconfig);
  const manifest = reached(project?.manifest);
  if (project === undefined || tsconfig === undefined || manifest === undefined) return undefined;
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
  const test = firstImporter(root, manifest);
  if (test === undefined) return ok(`Vitest ${version}; no test imports a decorated module, so it needs no plugin`);
  return warning(
    `${test} imports a module with standard decorators, which Vitest ${version} does not lower`,
    `Add the plugin to ${configurations[0] ?? "vitest.config.ts"}: import { millrace } from "millrace/vitest"; export default defineConfig({ plugins: [millrace()] });`,
  );
};

/** A test that imports a module of a task or flow, or one that such a module reaches; relative to the root. */
function firstImporter(root: string, { tasks, flows }: Manifest): string | undefined {
  const entries = [...Object.values(tasks), ...Object.values(flows)];
  const modules = new Set(entries.flatMap(({ fingerprint }) => Object.keys(fingerprint.modules)).map(withoutExtension));
  return testsBelow(root).find((test) =>
    [...readFileSync(test, "utf8").matchAll(RELATIVE_IMPORT)].some(([, specifier = ""]) => {
      const target = relative(root, resolve(dirname(test), specifier))
        .split(sep)
        .join("/");
      return modules.has(withoutExtension(target));
    }),
  );
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
