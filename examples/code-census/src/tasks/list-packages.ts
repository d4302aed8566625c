/** Task: what there is to measure. */
import { resolve } from "node:path";
import { param, task } from "millrace";
import { findPackages } from "../packages/find-packages.js";
import type { PackageChunk } from "../packages/package-chunk.js";
import { splitPackage } from "../packages/split-package.js";
import { JournalledTask } from "./journalled-task.js";

/** Finds every package under the project's `node_modules` and cuts large ones into parts. */
@task()
export class ListPackages extends JournalledTask<readonly PackageChunk[]> {
  /** Folder that holds `node_modules`. */
  @param() project!: string;
  /** Most source in one part, bytes; a larger file makes a part of its own. */
  @param() chunkBytes = 2_000_000;

  async run(): Promise<readonly PackageChunk[]> {
    const found = await findPackages(resolve(this.project), this.signal);
    const chunks = found.flatMap((entry) => splitPackage(entry, this.chunkBytes));
    this.log.info("%d packages in %d parts", found.length, chunks.length);
    this.note({ event: "listed", chunks: chunks.length });
    return chunks;
  }
}
