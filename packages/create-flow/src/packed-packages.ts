/** Finds Millrace's packages among tarballs of `npm pack`, for projects made before the packages are published. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "./usage-error.js";

/** What every project needs by itself; the others are needed by these. */
const NEEDED = ["millrace", "@millrace/compiler"];

/** Package name → absolute path of its tarball. @throws UsageError `packages-missing`. */
export function packedPackages(folder: string, version: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const file of filesOf(folder)) {
    if (!file.endsWith(`-${version}.tgz`)) continue;
    const stem = file.slice(0, -`-${version}.tgz`.length);
    if (stem === "millrace") found.set("millrace", join(folder, file));
    else if (stem.startsWith("millrace-")) found.set(`@millrace/${stem.slice("millrace-".length)}`, join(folder, file));
  }
  const missing = NEEDED.filter((name) => !found.has(name));
  if (missing.length > 0) {
    throw new UsageError(
      "packages-missing",
      `${folder} holds no tarball of ${missing.join(" and ")} ${version}.`,
      `Pack them: \`npm pack --workspaces --pack-destination ${folder}\` in Millrace's repository.`,
    );
  }
  return found;
}

function filesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (cause) {
    throw new UsageError(
      "packages-missing",
      `${folder} is no folder that can be read.`,
      "`--from` takes the folder that the tarballs of `npm pack` are in.",
      { cause },
    );
  }
}
