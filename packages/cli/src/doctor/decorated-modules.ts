/**
 * Which modules of a project carry decorators, by a look at their text: checks that warn of decorators have nothing to
 * say to a project of `defineTask` and `defineFlow` alone.
 */
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { reached } from "./attempt.js";
import type { DoctorProject } from "./doctor-site.js";

/** A decorator at the beginning of a line or behind `export`; lines of doc comments begin with an asterisk. */
const DECORATOR = /^[ \t]*(?:export[ \t]+(?:default[ \t]+)?)?@[A-Za-z_$]/m;

/** Source modules of the build, absolute: those of tasks and flows, and what these reach; none without a build. */
export function builtModules({ root, manifest: found }: DoctorProject): readonly string[] {
  const manifest = reached(found);
  if (manifest === undefined) return [];
  const entries = [...Object.values(manifest.tasks), ...Object.values(manifest.flows)];
  const sources = new Set(entries.flatMap(({ fingerprint }) => Object.keys(fingerprint.modules)));
  return [...sources].map((source) => resolve(root, source));
}

/** False if all sources of the build are there and none has decorators; true also as long as there is no build. */
export function mayUseDecorators(project: DoctorProject): boolean {
  const modules = builtModules(project);
  return modules.length === 0 || modules.some((file) => !existsSync(file) || hasDecorators(file));
}

/** True if a source has decorators; false also for one that cannot be read. */
export function hasDecorators(file: string): boolean {
  return DECORATOR.test(sourceText(file) ?? "");
}

/** A source as text; undefined if it cannot be read. */
export function sourceText(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
