/** Large values, which are files beside the database: those that runs need, and those that none does. */
import { dirname, relative } from "node:path";
import { formatCount } from "@millrace/core";
import { bytesText } from "../../output/bytes-text.js";
import { reached } from "../attempt.js";
import { type Check, ok, problem, warning } from "../check.js";

export const content: Check = (site) => {
  const project = reached(site.project);
  const store = reached(project?.store);
  if (project === undefined || store === undefined) return undefined;
  const { files, bytes, lost, unnamed, unnamedBytes } = store.content;
  const [first] = lost;
  if (first !== undefined) {
    return problem(
      `${formatCount(lost.length, "content file")} missing or cut short: ${relative(project.root, first.file)}, which run ${first.run} needs`,
      `Restore it from a backup, or start ${first.run} again under a new id; its other results can still be read.`,
      { lost },
    );
  }
  // What a living process is about to name is nobody's mistake.
  const isAtWork = store.runs.some(({ owner }) => owner !== undefined);
  if (unnamed.length > 0 && !isAtWork) {
    const [example = ""] = unnamed;
    return warning(
      `${formatCount(unnamed.length, "file")} (${bytesText(unnamedBytes)}) beside the database that no run names`,
      `Left by a crash; they may be deleted while nothing runs. One is ${relative(project.root, example)}; --json lists all.`,
      { folder: dirname(dirname(example)), unnamed },
    );
  }
  return ok(files === 0 ? "no large values" : `${formatCount(files, "large value")} in files, ${bytesText(bytes)}`);
};
