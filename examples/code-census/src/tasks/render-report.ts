/** Task: the files that people open. */
import { mkdir, rename, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { param, task } from "millrace";
import { renderReport } from "../report/render-report.js";
import type { CensusSummary } from "../summary/census-summary.js";
import type { OutlierDetail } from "./inspect-outlier.js";
import { JournalledTask } from "./journalled-task.js";

/** Where the census was written, and its figures in short. */
export interface CensusResult {
  /** Absolute path of the report. */
  readonly report: string;
  /** Absolute path of the data. */
  readonly data: string;
  /** Installed packages with source code. */
  readonly packages: number;
  /** Parsed files. */
  readonly files: number;
  /** Lines of the parsed files. */
  readonly lines: number;
  /** Functions with a body. */
  readonly functions: number;
  /** Files that could not be parsed. */
  readonly unparsable: number;
  /** Ids of the outliers, farthest out first. */
  readonly outliers: readonly string[];
}

/** Writes `report.html`, one file with everything in it, and `census.json`. */
@task()
export class RenderReport extends JournalledTask<CensusResult> {
  /** The census. */
  @param() summary!: CensusSummary;
  /** The closer looks, in order of the outliers. */
  @param() details!: readonly OutlierDetail[];
  /** Folder to write into; made if missing. */
  @param() out!: string;

  async run(): Promise<CensusResult> {
    const folder = resolve(this.out);
    await mkdir(folder, { recursive: true });
    const { summary, details } = this;
    const made = { at: new Date().toISOString(), run: this.info.run, node: process.version };
    const report = await this.#write(folder, "report.html", await renderReport({ summary, details, made }));
    const data = await this.#write(
      folder,
      "census.json",
      `${JSON.stringify({ made, summary, details }, undefined, 2)}\n`,
    );
    const { packages, files, lines, functions, unparsable } = summary.totals;
    const outliers = summary.outliers.map((outlier) => outlier.id);
    return { report, data, packages, files, lines, functions, unparsable, outliers };
  }

  /** Whole or not at all: a killed attempt leaves no half report behind. */
  async #write(folder: string, name: string, text: string): Promise<string> {
    this.signal.throwIfAborted();
    const path = join(folder, name);
    await writeFile(`${path}.new`, text);
    await rename(`${path}.new`, path);
    return path;
  }
}
