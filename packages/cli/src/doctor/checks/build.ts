/** The compiled modules of the current build: all there, byte for byte what the compiler wrote. */
import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { digestOutputs, formatCount, hashBuild, type Manifest, STATE_PATHS } from "@millrace/core";
import { reached } from "../attempt.js";
import { type Check, ok, problem } from "../check.js";

const MANIFEST = "manifest.json";

export const build: Check = async (site) => {
  const project = reached(site.project);
  const manifest = reached(project?.manifest);
  if (project === undefined || manifest === undefined) return undefined;
  const folder = join(project.stateDir, STATE_PATHS.build(manifest.build));
  const name = `build ${manifest.build.slice(0, 8)}`;
  const remedy =
    site.compiler === undefined
      ? "Copy the whole output folder again from where the build was made."
      : "Run `flow build`: it writes the build whole again.";
  const files = await filesBelow(folder);
  if (files.size === 0) return problem(`The folder of ${name} is gone: ${folder}`, remedy);
  const lost = modulesOf(manifest).filter((module) => !files.has(module));
  if (lost.length > 0) return problem(`${lost[0]} is missing from ${name}`, remedy, { folder, lost });
  const outputs = new Map([...files].filter(([path]) => path !== MANIFEST));
  const isWhole = files.has(MANIFEST) && hashBuild(manifest, digestOutputs(outputs)) === manifest.build;
  if (!isWhole) return problem(`The files of ${name} are not those that the compiler wrote`, remedy, { folder });
  return ok(`${formatCount(outputs.size, "file")} of ${name}, undamaged`);
};

function modulesOf({ tasks, flows }: Manifest): readonly string[] {
  return [...new Set([...Object.values(tasks), ...Object.values(flows)].map(({ module }) => module))];
}

/** Texts by posix path; empty if there is no such folder. */
async function filesBelow(folder: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const texts = files.map(
    async (file): Promise<[string, string]> => [
      relative(folder, file).split(sep).join("/"),
      await readFile(file, "utf8"),
    ],
  );
  return new Map(await Promise.all(texts));
}
