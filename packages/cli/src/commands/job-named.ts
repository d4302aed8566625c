/** The job that a command names: a file, or a run of one. */
import type { JobDocument } from "@millrace/jobs";
import { ensureBuild } from "../project/ensure-build.js";
import { isJobPath } from "../project/is-job-path.js";
import type { CommandPlace } from "../project/place-of-command.js";
import { checkedJob } from "./checked-job.js";
import { withStore } from "./open-store.js";
import { readDocumentFile, readRulesWithoutValues, readWithoutValues } from "./read-document-file.js";
import { recordedDocument } from "./recorded-document.js";

/** Its graph or rules, read against the build if it comes from a file; undefined for a name that is neither. @throws MillraceError `job-graph-invalid`, `rules-invalid`, `job-invalid`. */
export async function jobNamed(name: string, place: CommandPlace): Promise<JobDocument | undefined> {
  if (isJobPath(name)) {
    const { document } = await checkedJob({ file: name, vars: undefined }, place, await ensureBuild(place));
    return document;
  }
  if (name.endsWith(".json")) {
    const [{ document }, manifest] = [await readDocumentFile(name), await ensureBuild(place)];
    return "rules" in document
      ? { rules: readRulesWithoutValues(document.rules, manifest) }
      : { graph: readWithoutValues(document.graph, manifest) };
  }
  const run = await withStore(place, async (store) => (await store.list()).find(({ id }) => id === name));
  return run && recordedDocument(place, run.id);
}
