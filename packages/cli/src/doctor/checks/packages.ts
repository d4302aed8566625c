/** Our packages: all there, of one version, and the SDK once. */
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { reached } from "../attempt.js";
import { type Check, ok, problem, type Verdict, warning } from "../check.js";
import { type InstalledPackage, installedPackages } from "../installed-packages.js";

const COMMAND = dirname(createRequire(import.meta.url).resolve("@millrace/cli/package.json"));

export const packages: Check = (site) => {
  const project = reached(site.project);
  if (project === undefined) return undefined;
  const { found, missing } = installedPackages(project.root, COMMAND);
  const [lost] = missing;
  if (lost !== undefined) {
    return problem(`${lost.name} is not installed, and ${lost.wantedBy} needs it`, "Run `npm install`.", { missing });
  }
  const versions = new Set(found.map(({ version }) => version));
  if (versions.size > 1) return mixed(found);
  const copies = found.filter(({ name }) => name === "@millrace/sdk");
  if (copies.length > 1) return twice(copies);
  const without = site.compiler === undefined ? "; without a compiler: builds are made elsewhere" : "";
  return ok(`${found.length} packages, all ${[...versions].join()}${without}`);
};

function mixed(found: readonly InstalledPackage[]): Verdict {
  const own = found.find(({ folder }) => folder === COMMAND)?.version ?? "";
  const odd = found.filter(({ version }) => version !== own);
  const names = odd.map(({ name, version }) => `${name} ${version}`).join(", ");
  return problem(
    `The versions of our packages differ: this command is ${own}, but ${names}`,
    `Install one version of all: npm install ${odd.map(({ name }) => `${name}@${own}`).join(" ")}`,
    { found },
  );
}

function twice(copies: readonly InstalledPackage[]): Verdict {
  return warning(
    `@millrace/sdk is installed ${copies.length} times: ${copies.map(({ folder }) => folder).join(", ")}`,
    "Types made for one copy say nothing about the other: run `npm dedupe`; `npm ls @millrace/sdk` shows who brings them.",
    { copies },
  );
}
