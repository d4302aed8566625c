/** Whether what a command is given is a job in YAML: a file, or a folder of rules. */
import { statSync } from "node:fs";

/** True for `jobs/nightly.yaml`, and for a folder that is named with a slash: a name without one is that of a flow or run. */
export function isJobPath(name: string): boolean {
  if (/\.ya?ml$/.test(name)) return true;
  return /[\\/]/.test(name) && (statSync(name, { throwIfNoEntry: false })?.isDirectory() ?? false);
}
