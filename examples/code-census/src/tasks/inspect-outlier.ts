/** Task: a closer look at one outlier. */
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { param, task } from "millrace";
import { type Inspection, Inspector } from "../measure/inspect-files.js";
import type { Outlier } from "../summary/census-summary.js";
import { JournalledTask } from "./journalled-task.js";

/** An outlier's hardest functions and longest files. */
export interface OutlierDetail extends Inspection {
  /** The outlier's id. */
  readonly id: string;
}

/** Parses an outlier's most complex files again and names the functions to blame. */
@task()
export class InspectOutlier extends JournalledTask<OutlierDetail> {
  /** Folder that holds `node_modules`. */
  @param() project!: string;
  /** The package to look at. */
  @param() outlier!: Outlier;

  async run(): Promise<OutlierDetail> {
    const { id, path, files } = this.outlier;
    const inspector = new Inspector();
    for (const [index, file] of files.entries()) {
      this.signal.throwIfAborted();
      inspector.add(file, await readFile(join(resolve(this.project), path, file), "utf8"));
      this.progress((index + 1) / files.length, file);
    }
    return { id, ...inspector.result() };
  }
}
