/** The manifest: there, readable, of this version. */
import { formatCount, isMillraceError } from "@millrace/core";
import { reached } from "../attempt.js";
import { type Check, failure, ok, warning } from "../check.js";

export const manifest: Check = (site) => {
  const project = reached(site.project);
  if (project === undefined || !project.isPackage) return undefined;
  const found = project.manifest;
  if (found.status === "rejected") {
    const isMissing = isMillraceError(found.reason) && found.reason.code === "manifest-missing";
    // With a compiler the first `flow run` makes one.
    return isMissing && site.compiler !== undefined
      ? warning("There is no build yet", "Run `flow build`; `flow run` does it by itself.")
      : failure(found.reason);
  }
  const { tasks, flows, build, manifestVersion, graphVersion } = found.value;
  const size = `${formatCount(Object.keys(flows).length, "flow")}, ${formatCount(Object.keys(tasks).length, "task")}`;
  return ok(`${size}, version ${manifestVersion}/${graphVersion}, build ${build.slice(0, 8)}`);
};
