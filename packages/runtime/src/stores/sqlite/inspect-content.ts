/** Compares the content folder with the references that a database holds. Reads names and sizes, no content. */
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { RunId } from "@millrace/core";
import { type ContentReference, contentPath, contentSize } from "./content-files.js";

/** A reference, and a run that it belongs to. */
export interface NamedContent {
  readonly run: RunId;
  readonly reference: ContentReference;
}

/** A file that a run needs and that is not there whole. */
export interface LostContent {
  readonly run: RunId;
  /** Absolute path. */
  readonly file: string;
}

/** What the folder holds. */
export interface ContentInspection {
  /** Files in the folder, and their bytes. */
  readonly files: number;
  readonly bytes: number;
  /** Named by a row, and missing or of another size. */
  readonly lost: readonly LostContent[];
  /** In the folder, and named by no row: absolute paths, sorted, and their bytes. */
  readonly unnamed: readonly string[];
  readonly unnamedBytes: number;
}

/** Looks at a folder that need not exist. */
export async function inspectContent(dir: string, named: readonly NamedContent[]): Promise<ContentInspection> {
  const present = await sizesBelow(dir);
  const expected = new Map(named.map(({ run, reference }) => [join(dir, contentPath(reference)), { run, reference }]));
  const unnamed = [...present.keys()].filter((file) => !expected.has(file)).sort();
  const lost = [...expected].filter(([file, { reference }]) => present.get(file) !== contentSize(reference));
  return {
    files: present.size,
    bytes: sum(present.values()),
    lost: lost.map(([file, { run }]) => ({ run, file })),
    unnamed,
    unnamedBytes: sum(unnamed.map((file) => present.get(file) ?? 0)),
  };
}

async function sizesBelow(dir: string): Promise<ReadonlyMap<string, number>> {
  const sizes = new Map<string, number>();
  const entries = await readdir(dir, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const file = join(entry.parentPath, entry.name);
    // A writer may rename its file while this looks.
    const size = entry.isFile() ? (await stat(file).catch(() => undefined))?.size : undefined;
    if (size !== undefined) sizes.set(file, size);
  }
  return sizes;
}

function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}
