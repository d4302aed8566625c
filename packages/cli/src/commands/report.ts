/** `flow report [run]`. */
import { EXIT, type ExitCode, isMillraceError, type ReportDocument, type RunId } from "@millrace/core";
import { logFolderOf } from "../homes/log-folder.js";
import { readLogs } from "../output/read-logs.js";
import { print, printJson, say } from "../output/streams.js";
import { writeOutput } from "../output/write-output.js";
import { type CommandPlace, placeOfCommand } from "../project/place-of-command.js";
import { collectReport } from "../run-report/collect-report.js";
import type { CommonOptions } from "./common-options.js";
import { jobSvg } from "./job-picture.js";
import { withStore } from "./open-store.js";
import { realisedFlow } from "./realised-flow.js";
import { realisedJob } from "./realised-job.js";
import { recordedDocument } from "./recorded-document.js";
import { noSuchRun, runOrNewest } from "./run-or-newest.js";

/** Options of `flow report`. */
export interface ReportOptions extends CommonOptions {
  /** `-` is stdout. */
  readonly output?: string;
}

/** Writes the report of a run, one HTML page, to a file named after it. */
export async function report(id: string | undefined, options: ReportOptions): Promise<ExitCode> {
  const place = placeOfCommand(options.cwd);
  const data = await withStore(place, async (store) => {
    const { id: run } = runOrNewest(await store.list(), id);
    const logs = await readLogs(await logFolderOf(place, run), run);
    return collectReport(run, () => store.read(run), logs);
  });
  if (!data) throw noSuchRun(id, []);
  const { run, path } = data;
  const { renderReport } = await import("../run-report/render-report.js");
  const page = renderReport(data, await pictureOf(place, run.id));
  const { output: file = `${run.id}.html` } = options;
  if (file === "-") {
    print(page);
    return EXIT.success;
  }
  await writeOutput(file, page);
  const criticalPath = { steps: [...path.keys], tookMs: path.tookMs };
  if (options.json) printJson({ run: run.id, file, criticalPath } satisfies ReportDocument);
  else say(`Wrote ${file}: open it in a browser.`);
  return EXIT.success;
}

/** The graph that the run has realised. A report goes without where its build is gone, or the graph too deep to be drawn. */
async function pictureOf(
  place: CommandPlace,
  run: RunId,
): Promise<{ readonly svg: string } | { readonly none: string }> {
  try {
    const document = await recordedDocument(place, run);
    const job = document && (await realisedJob(place, run, document));
    if (job) return { svg: await jobSvg(job) };
    const realised = await realisedFlow(place, run);
    const { renderSvg } = await import("@millrace/core/picture");
    return realised ? { svg: renderSvg(realised.flow, realised.manifest.tasks) } : { none: "Its record is gone." };
  } catch (error) {
    if (isMillraceError(error)) return { none: `It cannot be drawn: ${error.message}` };
    throw error;
  }
}
