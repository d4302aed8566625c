/** Task: from chunks to the census. */
import { param, task } from "millrace";
import type { CensusSummary } from "../summary/census-summary.js";
import type { MeasuredChunk } from "../summary/measured-package.js";
import { summariseCensus } from "../summary/summarise-census.js";
import { JournalledTask } from "./journalled-task.js";

/** Adds up what all packages hold and finds the outliers among them. */
@task()
export class Aggregate extends JournalledTask<CensusSummary> {
  /** All chunks, in order. */
  @param() chunks!: readonly MeasuredChunk[];
  /** Median absolute deviations above the median from which a package is an outlier. */
  @param() outlierFactor!: number;

  run(): CensusSummary {
    const summary = summariseCensus(this.chunks, this.outlierFactor);
    const { packages, files, lines } = summary.totals;
    this.log.info("%d packages, %d files, %d lines, %d outliers", packages, files, lines, summary.outliers.length);
    return summary;
  }
}
