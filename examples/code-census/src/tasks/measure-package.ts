/** Task: the CPU-bound work of the census. */
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { param, task } from "millrace";
import { ChunkTotals } from "../measure/chunk-measure.js";
import { measureFile } from "../measure/measure-file.js";
import type { PackageChunk } from "../packages/package-chunk.js";
import type { MeasuredChunk } from "../summary/measured-package.js";
import { JournalledTask } from "./journalled-task.js";

/** Parses every file of a package, or of a part of one, and adds up what it finds. */
@task()
export class MeasurePackage extends JournalledTask<MeasuredChunk> {
  /** Folder that holds `node_modules`. */
  @param() project!: string;
  /** The package and the files to parse. */
  @param() chunk!: PackageChunk;

  async run(): Promise<MeasuredChunk> {
    const { package: owner, files } = this.chunk;
    const folder = join(resolve(this.project), owner.path);
    const size = files.reduce((sum, file) => sum + file.bytes, 0);
    const totals = new ChunkTotals();
    let done = 0;
    for (const file of files) {
      this.signal.throwIfAborted();
      totals.add(measureFile(file.path, await readFile(join(folder, file.path), "utf8")));
      done += file.bytes;
      this.progress(size === 0 ? 1 : done / size, file.path);
    }
    const measure = totals.total();
    for (const file of measure.unparsable) this.log.warn("cannot parse %s: %s", file.path, file.message);
    this.log.info("%d files, %d bytes", files.length, size);
    return { package: owner, ...measure };
  }
}
