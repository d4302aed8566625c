/** What is wrong with a document in JSON is shown at its places in the file. */
import { readFile } from "node:fs/promises";
import { relative, resolve, sep } from "node:path";
import { formatCount, isMillraceError, type JobGraphIssue, MillraceError } from "@millrace/core";
import { diagnosticsText } from "../output/diagnostics-text.js";
import { say } from "../output/streams.js";

/** Errors whose data has issues with paths in the document. */
const WITH_ISSUES: readonly string[] = ["job-graph-invalid", "rules-invalid", "flow-spec-invalid"];

/** Does something with a document that stands in a file as it is. @throws what it throws; issues have been printed with their places. */
export async function atPlaces<T>(file: string, root: string, use: () => Promise<T>): Promise<T> {
  try {
    return await use();
  } catch (error) {
    if (!isMillraceError(error) || !WITH_ISSUES.includes(error.code)) throw error;
    const { issues } = error.data as { readonly issues?: readonly JobGraphIssue[] };
    if (!issues) throw error;
    const shown = relative(root, resolve(file)).split(sep).join("/");
    const { locateIssues } = await import("@millrace/jobs");
    const diagnostics = locateIssues({ file: shown, text: await readFile(file, "utf8") }, issues);
    if (diagnostics.length === 0) throw error;
    say(`${await diagnosticsText(root, diagnostics)}\n\n`);
    const { hint } = error;
    throw new MillraceError(error.code, `${shown} has ${formatCount(issues.length, "error")}; nothing was done.`, {
      ...(hint === undefined ? {} : { hint }),
      data: { file: shown, issues, diagnostics },
    });
  }
}
