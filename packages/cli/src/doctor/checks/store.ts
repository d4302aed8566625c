/** The run database: opens, is ours, and is whole. */
import { relative } from "node:path";
import { formatCount } from "@millrace/core";
import { bytesText } from "../../output/bytes-text.js";
import { reached } from "../attempt.js";
import { type Check, failure, ok } from "../check.js";

export const store: Check = (site) => {
  const project = reached(site.project);
  // Without a library nothing can be said about the file.
  if (project === undefined || project.database.status === "rejected") return undefined;
  if (project.store.status === "rejected") return failure(project.store.reason);
  const found = project.store.value;
  if (found === undefined) return ok("nothing has run yet");
  const name = relative(project.root, found.file);
  const format = found.outdated
    ? `; its tables have version ${found.version}, the next run brings them up to date`
    : "";
  return ok(`${name} is whole: ${formatCount(found.runs.length, "run")}, ${bytesText(found.bytes)}${format}`);
};
