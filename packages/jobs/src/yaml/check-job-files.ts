/** All job files of a project against its build, before anybody runs them: variables may have no value yet. */
import { compareDiagnostics, type Diagnostic, type Manifest } from "@millrace/core";
import { checkJob } from "./check-job.js";
import { readJob } from "./read-job.js";

/** What job files are checked against. */
export interface JobFilesProject {
  /** Folder of the project. */
  readonly root: string;
  readonly manifest: Pick<Manifest, "tasks" | "flows">;
}

/** All findings, each once: files may include the same one. Paths are absolute. */
export async function checkJobFiles(
  files: readonly string[],
  { root, manifest }: JobFilesProject,
): Promise<readonly Diagnostic[]> {
  const found = new Map<string, Diagnostic>();
  for (const file of files)
    for (const diagnostic of await checkJob(readJob(file, { root }, { openVariables: true }), manifest))
      found.set(JSON.stringify([diagnostic.span, diagnostic.code, diagnostic.message]), diagnostic);
  return [...found.values()].sort(compareDiagnostics);
}
