/** A job file once nothing is wrong with it. */
import { compareDiagnostics, type Diagnostic, formatCount, type Manifest, MillraceError } from "@millrace/core";
import type { JobDocument, JobReading, JobWatchers } from "@millrace/jobs";
import { diagnosticsText } from "../output/diagnostics-text.js";
import { say } from "../output/streams.js";
import type { CommandPlace } from "../project/place-of-command.js";

/** A job. */
export interface CheckedJob {
  readonly document: JobDocument;
  readonly watchers: JobWatchers;
}

/** What is read. */
export interface JobFile {
  /** Relative to the current folder. */
  readonly file: string;
  /** Values of variables; if they are not given yet, it is read without, and nobody who would watch is loaded. */
  readonly vars: Readonly<Record<string, string>> | undefined;
}

/** What a job runs and who watches it, once nothing is wrong with it. What is wrong has been printed with its places when this throws. */
export async function checkedJob(
  { file, vars = {}, vars: given }: JobFile,
  place: CommandPlace,
  manifest: Manifest,
): Promise<CheckedJob> {
  const { checkJob, readJob } = await import("@millrace/jobs");
  const reading = readJob(file, { vars, root: place.root }, { openVariables: given === undefined });
  const checked = await checkJob(reading, manifest);
  const observed = given === undefined ? [] : await observersOf(reading, place);
  // A folder that is not there is found in both ways.
  const places = new Set(checked.map(({ span }) => JSON.stringify(span)));
  const more = observed.filter(({ span }) => !places.has(JSON.stringify(span)));
  const diagnostics = [...checked, ...more].sort(compareDiagnostics);
  const { document, watchers } = reading;
  if (diagnostics.length > 0) say(`${await diagnosticsText(reading.root, diagnostics)}\n\n`);
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (document && watchers && errors.length === 0) return { document, watchers };
  const found = formatCount(errors.length, "error");
  throw new MillraceError("job-invalid", `The job ${reading.file} has ${found}; nothing was done.`, {
    hint: "Correct what is shown above. docs/yaml-jobs.md describes the file.",
    data: { file: reading.file, diagnostics },
  });
}

async function observersOf(reading: JobReading, place: CommandPlace): Promise<readonly Diagnostic[]> {
  const { checkObservers } = await import("../homes/check-observers.js");
  return checkObservers(reading, place);
}
