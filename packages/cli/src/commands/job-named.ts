/** The job that a command names: a file, or a run of one. */
import type { JobDocument } from "@millrace/jobs";
import { ensureBuild } from "../project/ensure-build.js";
import type { CommandPlace } from "../project/place-of-command.js";
import { checkedJob } from "./checked-job.js";
import { withStore } from "./open-store.js";
import { readDocumentFile, readWithoutValues } from "./read-document-file.js";
import { recordedDocument } from "./recorded-document.js";

/** Its graph or rules, a graph read against the build if it comes from a file; undefined for a name that is neither. @throws MillraceError `job-graph-invalid`, `job-invalid`. */
export async function jobNamed(name: string, place: CommandPlace): Promise<JobDocument | undefined> {
  if (/\.ya?ml$/.test(name)) {
    const { document } = await checkedJob({ file: name, vars: undefined }, place, await ensureBuild(place));
    return document;
  }
  if (name.endsWith(".json")) {
    const document = await readDocumentFile(name);
    return "rules" in document ? document : { graph: readWithoutValues(document.graph, await ensureBuild(place)) };
  }
  const run = await withStore(place, async (store) => (await store.list()).find(({ id }) => id === name));
  return run && recordedDocument(place, run.id);
}
