/** The job files of a project: those that `flow check` looks at. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { filesBelow, MillraceError, readSettings } from "@millrace/core/project";

const DEFAULT = "jobs";

/**
 * Absolute paths, sorted: what `jobs` of `millrace` in package.json names, else all in the folder `jobs`. Of a folder count all YAML files in it and below, but
 * those whose name, or that of a folder above, begins with `_`: they are parts of others.
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
    return statSync(at).isDirectory() ? yamlBelow(at) : [at];
  });
}

function yamlBelow(folder: string): readonly string[] {
  return filesBelow(folder).filter((path) => /\.ya?ml$/.test(path) && !/(?:^|[\\/])_/.test(relative(folder, path)));
}

function missing(file: string, path: string): MillraceError {
  return new MillraceError("project-not-found", `${file}: "millrace.jobs" names ${path}, which is not there.`, {
    hint: "Paths are relative to the package.json, and lead to YAML files or to folders of them.",
    data: { file, path },
  });
}
