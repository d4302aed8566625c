/** The job file that a run was started from, as it is now. */
import { resolve } from "node:path";
import { MillraceError, type RunOrigin } from "@millrace/core";
import type { JobDocument, JobWatchers } from "@millrace/jobs";
import type { CommandPlace } from "../project/place-of-command.js";

/** What it says. */
export interface OriginJob {
  readonly document: JobDocument;
  readonly watchers: JobWatchers;
}

/** Reads it. @throws MillraceError `job-invalid` if the file is gone, or something is wrong with it. */
export async function readOrigin({ file, vars = {} }: RunOrigin, { root }: CommandPlace): Promise<OriginJob> {
  const { readJob } = await import("@millrace/jobs");
  const { document, watchers, diagnostics } = readJob(resolve(root, file), { vars, root });
  if (document && watchers && diagnostics.length === 0) return { document, watchers };
  const [first] = diagnostics;
  const where = first
    ? `${first.span.file}:${first.span.line}:${first.span.column} ${first.message}`
    : "It has no job.";
  throw new MillraceError("job-invalid", `${file} cannot be read any more: ${where}`, {
    hint: "Put back the file, or correct it.",
    data: { file, diagnostics },
  });
}
