/** The output folder should not be under version control: it follows from the sources, and holds runs. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { STATE_PATHS } from "@millrace/core";
import { reached } from "../attempt.js";
import { type Check, ok, warning } from "../check.js";

const run = promisify(execFile);

export const git: Check = async (site) => {
  const project = reached(site.project);
  if (project === undefined || !existsSync(project.stateDir)) return undefined;
  const name = relative(project.root, project.stateDir);
  // Exit code 0: it is ignored, 1: it is not, or is tracked; other ones: no git, or no repository.
  // The build's own .gitignore stands inside the folder, so a file in it is asked for.
  const code = await run("git", ["-C", project.root, "check-ignore", "-q", join(name, STATE_PATHS.manifest)]).then(
    () => 0,
    (error: { readonly code?: unknown }) => error.code,
  );
  if (code === 0) return ok(`${name} is ignored by git`);
  if (code !== 1) return undefined;
  return warning(
    `${name} is not ignored by git`,
    `Add "${name}/" to .gitignore; if it was committed before: git rm -r --cached ${name}`,
  );
};
