/** `flow gc`. */
import { type Duration, durationMs, EXIT, type ExitCode, formatCount, type GcDocument } from "@millrace/core";
import { findProject } from "@millrace/core/project";
import { checkpointHomes } from "../homes/job-checkpoints.js";
import { bytesText } from "../output/bytes-text.js";
import { printJson, say } from "../output/streams.js";
import { placeOfCommand } from "../project/place-of-command.js";
import type { CommonOptions } from "./common-options.js";

/** Options of `flow gc`. */
export interface GcOptions extends CommonOptions {
  /** Age of runs that go too. */
  readonly olderThan?: Duration;
  readonly dryRun?: boolean;
}

/** Deletes what nobody needs, and says what it was. */
export async function gc({ cwd, json, olderThan, dryRun = false }: GcOptions): Promise<ExitCode> {
  const place = placeOfCommand(cwd);
  const { stateDir } = place;
  const olderThanMs = olderThan === undefined ? undefined : durationMs(olderThan, "--older-than");
  const { collectGarbage, readProjectCheckpoint } = await import("@millrace/runtime");
  // What is kept where nobody can look may need any of the builds.
  const homes = await checkpointHomes(place, (_note, error) => {
    throw error;
  });
  const own = await readProjectCheckpoint(findProject(place.root));
  const document = await collectGarbage({
    stateDir,
    elsewhere: [...homes.map(({ runs }) => runs), ...(own ? [own] : [])],
    dryRun,
    now: Date.now(),
    ...(olderThanMs === undefined ? {} : { olderThanMs }),
  });
  if (json) printJson(document);
  else say(gcText(document));
  return EXIT.success;
}

function gcText({ dryRun, runs, builds, content, compacted }: GcDocument): string {
  const parts = [
    runs.length > 0 ? formatCount(runs.length, "run") : "",
    builds.length > 0 ? formatCount(builds.length, "build") : "",
    content.files > 0 ? `${formatCount(content.files, "stored value")} (${bytesText(content.bytes)})` : "",
    compacted > 0 ? `${bytesText(compacted)} of free space in the database` : "",
  ].filter((part) => part !== "");
  if (parts.length === 0) return "There is nothing to delete.";
  return `${dryRun ? "Would delete" : "Deleted"} ${parts.join(", ")}.`;
}
