/**
 * Gives a test project its packages: links to those of another folder, one for each. A single link to the whole folder
 * would be shorter, but whatever a test adds to it would land in the folder of everybody.
 */
import { existsSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { MillraceError } from "@millrace/core";

/** The nearest folder `node_modules` at or above a folder. @throws MillraceError `test-project-misuse` if there is none. */
export function nearestNodeModules(folder: string): string {
  for (let at = folder; ; at = dirname(at)) {
    const candidate = join(at, "node_modules");
    if (existsSync(candidate)) return candidate;
    if (dirname(at) === at) break;
  }
  throw new MillraceError("test-project-misuse", `There is no node_modules at or above ${folder}.`, {
    hint: "Install the packages, or say where they are with `nodeModules`; `nodeModules: false` makes a project without.",
    data: { folder },
  });
}

/** Links every package of a folder `node_modules`, and its commands, into another one, which is made. */
export function linkPackages(from: string, to: string): void {
  mkdirSync(to);
  for (const name of readdirSync(from)) {
    // Hidden entries are the package manager's and Vite's own, except for the commands.
    if (name.startsWith(".") && name !== ".bin") continue;
    if (!name.startsWith("@")) link(join(from, name), join(to, name));
    // A scope is a folder of the project's own, so that packages can be added to it.
    else linkPackages(join(from, name), join(to, name));
  }
}

function link(target: string, path: string): void {
  // Only Windows looks at the type; a junction needs no privilege there.
  symlinkSync(target, path, "junction");
}
