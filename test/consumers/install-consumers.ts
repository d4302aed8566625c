/** Makes the folder in which all consumers live: the packages of the private lock file, and ours as packed tarballs. */
import { cp, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { run } from "../packages/command.js";
import { packPackages } from "../packages/packed-packages.js";

declare module "vitest" {
  interface ProvidedContext {
    /** Folder with the node_modules of all consumers. */
    consumers: string;
  }
}

export default async function installConsumers(project: TestProject): Promise<() => Promise<void>> {
  const root = await realpath(await mkdtemp(join(tmpdir(), "consumers-")));
  for (const name of ["package.json", "package-lock.json", "node_modules"]) {
    await cp(join(import.meta.dirname, name), join(root, name), { recursive: true });
  }
  const tarballs = (await packPackages(join(root, "packs"))).filter(({ name }) => name !== "create-flow");
  const installed = await run(root, "npm", [
    "install",
    "--no-save",
    "--no-package-lock",
    "--no-audit",
    "--prefer-offline",
    ...tarballs.map(({ tarball }) => tarball),
  ]);
  if (installed.code !== 0) throw new Error(installed.stderr);
  project.provide("consumers", root);
  return () => rm(root, { recursive: true, force: true });
}
