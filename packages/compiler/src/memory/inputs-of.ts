/** Lists what a build was made of: every file that analysis and module compiler have read or would have found. */
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { nearestTsconfig } from "@millrace/core";
import { packageLookup } from "../emit/resolve-import.js";
import { isOwnPackage } from "../fingerprint/fingerprint-declaration.js";
import { codeFilesOf } from "../fingerprint/linked-package.js";
import { lockfileOf } from "../fingerprint/lockfile.js";
import type { ModulesReport } from "../module-thread/messages.js";
import type { OpenedProject } from "../project/open-project.js";
import { isInside, nativePath } from "../project/relative-posix.js";
import { configurationChain } from "../project/source-files.js";
import type { BuildInputs } from "./input-digest.js";

/** What package managers leave in `node_modules`: rewritten by every installation. */
const INSTALLED = [".package-lock.json", ".modules.yaml", ".yarn-state.yml"];

/** Inputs of a build, as absolute paths. */
export function inputsOf(
  { model, sources }: OpenedProject,
  { modules, folders }: Pick<ModulesReport, "modules" | "folders">,
): BuildInputs {
  const { root, project } = model;
  const program = project
    .getProgram()
    .compilerObject.getSourceFiles()
    .map((file) => file.fileName);
  // The analyser's own library files have names, but lie nowhere.
  const read = program.map((file) => nativePath(file)).filter((file) => existsSync(file));
  const compiled = [...modules.keys()].map((source) => resolve(root, source));
  const packages = [...modules.values()].flatMap((record) => [...record.packages.values()]);
  const packageOf = packageLookup();
  const owners = new Set(read.flatMap((file) => packageOf(file)?.folder ?? []));
  const linked = packages
    .filter((target) => target.linked && !isOwnPackage(target.name))
    .flatMap((target) => codeFilesOf(target.folder));
  const manifests = [...owners, ...packages.map((target) => target.folder), root].map((folder) =>
    join(folder, "package.json"),
  );
  const lockfile = lockfileOf(root);
  const installations = [root, ...(lockfile ? [dirname(lockfile)] : [])].flatMap((folder) =>
    INSTALLED.map((name) => join(folder, "node_modules", name)),
  );
  const outside = model.files.map((file) => file.getFilePath()).filter((file) => !isInside(root, nativePath(file)));
  const nearest = new Set(compiled.map((file) => nearestTsconfig(dirname(file))));
  const configurations = [...nearest].flatMap((file) => (file === undefined ? [] : configurationChain(file)));
  return {
    files: [
      ...read,
      ...compiled,
      ...manifests,
      ...linked,
      ...sources.configurations,
      ...configurations,
      ...installations,
      ...(lockfile ? [lockfile] : []),
    ],
    folders: [...sources.folders, ...folders, ...new Set(outside.flatMap((file) => packageOf(file)?.folder ?? []))],
  };
}
