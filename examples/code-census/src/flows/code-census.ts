/** The census as a flow: list, measure in parallel, add up, look closer at what stands out, write the report. */
import { Flow, flow, param } from "millrace";
import { Aggregate } from "../tasks/aggregate.js";
import { InspectOutlier, type OutlierDetail } from "../tasks/inspect-outlier.js";
import { ListPackages } from "../tasks/list-packages.js";
import { MeasurePackage } from "../tasks/measure-package.js";
import { type CensusResult, RenderReport } from "../tasks/render-report.js";

/** Counts, parses and measures every JavaScript and TypeScript file under a project's `node_modules`. */
@flow()
export class CodeCensus extends Flow<CensusResult> {
  /** Folder that holds `node_modules`. */
  @param() project!: string;
  /** Folder for `report.html` and `census.json`; made if missing. */
  @param() out!: string;
  /** Median absolute deviations above the median complexity from which a package is an outlier. */
  @param() outlierFactor = 4;

  async run(): Promise<CensusResult> {
    const { project, out, outlierFactor } = this;
    const parts = await this.call(ListPackages, { project });
    const chunks = await this.map(parts, (chunk) => this.call(MeasurePackage, { project, chunk }), {
      key: (chunk) => chunk.id,
    });
    const summary = await this.call(Aggregate, { chunks, outlierFactor });

    let details: readonly OutlierDetail[] = [];
    if (summary.outliers.length > 0) {
      details = await this.map(summary.outliers, (outlier) => this.call(InspectOutlier, { project, outlier }), {
        key: (outlier) => outlier.id,
      });
    }
    return this.call(RenderReport, { summary, details, out });
  }
}
