/** Whether the build is still that of the sources. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { STATE_PATHS } from "@millrace/core";
import { judgeBuild } from "../../project/staleness.js";
import { reached } from "../attempt.js";
import { type Check, ok, problem, warning } from "../check.js";

export const sources: Check = async (site) => {
  const project = reached(site.project);
  const manifest = reached(project?.manifest);
  if (project === undefined || manifest === undefined) return undefined;
  const { root, stateDir } = project;
  // A build that is gone is told by another check, and no older than anything.
  if (!existsSync(join(stateDir, STATE_PATHS.buildManifest(manifest.build)))) return undefined;
  const verdict = judgeBuild({ cwd: site.cwd, root, stateDir }, site.compiler);
  if (!verdict.stale) return ok("the build is that of the sources");
  const finding = `The build is stale: ${verdict.reason}`;
  return site.compiler === undefined
    ? problem(
        finding,
        "Install @millrace/compiler for development, or ship the output folder of a build made elsewhere.",
      )
    : warning(finding, "Run `flow build`; `flow run` does it by itself.");
};
