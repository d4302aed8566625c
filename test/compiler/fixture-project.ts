/** The projects of `test/fixtures/projects`, each in a temporary folder of its own. */
import { cpSync, existsSync, readdirSync, symlinkSync } from "node:fs";
import { createTestProject, type TestProject } from "@millrace/testing";

/**
 * A copy of one of them, or an empty one if there is none of that name, with `files` laid over it. Folders under `vendor/`
 * become packages of its node_modules, those under `linked/` are linked there.
 */
export async function fixtureProject(name: string, files: Readonly<Record<string, string>> = {}): Promise<TestProject> {
  const from = new URL(`../fixtures/projects/${name}`, import.meta.url);
  const project = await createTestProject({ files, ...(existsSync(from) ? { from } : {}) });
  const packaged = (folder: string): string => project.path("node_modules", folder);
  for (const folder of children(project.path("vendor")))
    cpSync(project.path("vendor", folder), packaged(folder), { recursive: true });
  for (const folder of children(project.path("linked"))) symlinkSync(project.path("linked", folder), packaged(folder));
  return project;
}

function children(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}
