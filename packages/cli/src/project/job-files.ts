/** The job files of a project: those that `flow check` looks at. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { filesBelow, MillraceError, readSettings } from "@millrace/core/project";

const DEFAULT = "jobs";
/** Files that make the folder around them a rule. */
const RULE_PARTS: ReadonlySet<string> = new Set(["filter.yaml", "body.yaml"]);

/**
 * Absolute paths, sorted: what `jobs` of `millrace` in package.json names, else all in the folder `jobs`. Of a folder count all YAML files in it and below, but
 * those whose name, or that of a folder above, begins with `_`: they are parts of others. A folder of rules, each of which is a folder with a `filter.yaml` or
 * `body.yaml`, is one job, and stands for the files in it.
 * @throws MillraceError `project-not-found` if a folder or file that the package.json names is not there.
 */
export function jobFiles(root: string): readonly string[] {
  const file = join(root, "package.json");
  const { jobs } = readSettings(JSON.parse(readFileSync(file, "utf8")), file);
  return (jobs ?? [DEFAULT]).flatMap((path) => {
    const at = resolve(root, path);
    if (!existsSync(at)) {
      if (jobs) throw missing(file, path);
      return [];
    }
    return statSync(at).isDirectory() ? jobsBelow(at) : [at];
  });
}

function jobsBelow(folder: string): readonly string[] {
  const files = filesBelow(folder).filter(
    (path) => /\.ya?ml$/.test(path) && !/(?:^|[\\/])_/.test(outside(path, folder)),
  );
  const ruleSets = new Set(
    files.filter((path) => RULE_PARTS.has(basename(path))).map((path) => dirname(dirname(path))),
  );
  // A part of a rule beside the jobs themselves, not in a folder of its own, is a job.
  ruleSets.delete(dirname(folder));
  const isPart = (path: string): boolean =>
    [...ruleSets].some(
      (set) => path === join(set, "job.yaml") || (dirname(path) !== set && path.startsWith(set + sep)),
    );
  return [...files.filter((path) => !isPart(path)), ...ruleSets].sort();
}

/** Of the path of a file, what names of its own say that it is a part. Rules for errors are called `_error`. */
function outside(path: string, folder: string): string {
  const own = relative(folder, path);
  return RULE_PARTS.has(basename(path)) ? dirname(dirname(own)) : own;
}

function missing(file: string, path: string): MillraceError {
  return new MillraceError("project-not-found", `${file}: "millrace.jobs" names ${path}, which is not there.`, {
    hint: "Paths are relative to the package.json, and lead to YAML files or to folders of them.",
    data: { file, path },
  });
}
