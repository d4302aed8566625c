/**
 * Large values as files named by the SHA-256 of their bytes: `content/<first two>/<all 64>`. A file is complete and on
 * the disk, with its folder, before its name is given to anybody; it never changes afterwards.
 */
import { randomUUID } from "node:crypto";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { mkdir, open, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { hashOf, MillraceError, type StoredBytes } from "@millrace/core";
import { failpoint } from "../../failpoints/failpoint.js";
import { storeUnusable } from "./sqlite-errors.js";

/** Values above this size in bytes are kept in files. */
export const INLINE_LIMIT = 262_144;

/** Files that are written at the same time. */
const WIDTH = 8;

/** What a row keeps of a file: `<sha256>:<bytes>`. */
export type ContentReference = string;

/** The reference under which bytes are kept. @param hash Theirs, if it is known. */
export function contentReference(bytes: Uint8Array, hash: string = hashOf(bytes)): ContentReference {
  return `${hash}:${bytes.byteLength}`;
}

/** Bytes of a value by its reference. */
export function contentSize(reference: ContentReference): number {
  return Number(reference.slice(reference.indexOf(":") + 1));
}

/** SHA-256 of a value by its reference. */
function contentHash(reference: ContentReference): string {
  return reference.slice(0, reference.indexOf(":"));
}

/** Where a file lies in the content folder. */
export function contentPath(reference: ContentReference): string {
  const hash = contentHash(reference);
  return join(hash.slice(0, 2), hash);
}

const RESTORE = "Restore the file from a backup and resume the run, or start the run again under a new id.";

/** The content folder of one store. */
export class ContentFiles {
  readonly #dir: string;

  /** `dir` need not exist yet. */
  constructor(dir: string) {
    this.#dir = dir;
  }

  /** Writes what is not there yet; when it resolves, all of it survives power loss. @throws MillraceError `store-unusable`. */
  async write(contents: ReadonlyMap<ContentReference, Uint8Array>): Promise<void> {
    const folders = new Set<string>();
    const queue = [...contents];
    const work = async (): Promise<void> => {
      for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
        const file = this.#fileOf(next[0]);
        folders.add(dirname(file));
        await this.#writeFile(file, next[1]);
      }
    };
    try {
      await Promise.all(Array.from({ length: Math.min(WIDTH, queue.length) }, work));
      // Also for files that were there: their writer may not have come to this point yet.
      await Promise.all([...folders, this.#dir, dirname(this.#dir)].map(syncFolder));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw storeUnusable(`A value cannot be written to "${this.#dir}": ${reason}.`, {
        file: this.#dir,
        hint: "Make room on the disk and let this user write to the folder, then resume the run.",
        cause: error,
      });
    }
  }

  /** Of these references, those whose file is not there. */
  missing(references: Iterable<ContentReference>): readonly ContentReference[] {
    return [...references].filter((reference) => !existsSync(this.#fileOf(reference)));
  }

  /** References of all files that are named as contents are; what else lies in the folder is not ours to judge. */
  list(): readonly ContentReference[] {
    if (!existsSync(this.#dir)) return [];
    return readdirSync(this.#dir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /^[0-9a-f]{64}$/.test(entry.name))
      .map(({ name, parentPath }) => `${name}:${statSync(join(parentPath, name)).size}`);
  }

  /** Deletes the files of these references. Only while the caller holds the lock that commits need. */
  remove(references: Iterable<ContentReference>): void {
    for (const reference of references) rmSync(this.#fileOf(reference), { force: true });
  }

  /** The bytes behind a reference; nothing is opened before they are read. */
  stored(reference: ContentReference): StoredBytes {
    return {
      size: contentSize(reference),
      hash: contentHash(reference),
      file: this.#fileOf(reference),
      read: () => this.#read(reference),
    };
  }

  #read(reference: ContentReference): Uint8Array {
    const file = this.#fileOf(reference);
    let bytes: Uint8Array;
    try {
      bytes = readFileSync(file);
    } catch (cause) {
      const problem = cause instanceof Error ? cause.message : String(cause);
      throw new MillraceError("store-corrupt", `The content file "${file}" cannot be read: ${problem}.`, {
        hint: RESTORE,
        data: { file },
        cause,
      });
    }
    const found = contentReference(bytes);
    if (found === reference) return bytes;
    // Out of the way, so that a run that makes the same value again writes it whole; kept, since it may be all there is.
    const keptAs = `${file}.corrupt-${found.slice(0, 8)}`;
    renameSync(file, keptAs);
    throw new MillraceError(
      "store-corrupt",
      `The content file "${file}" is damaged: its bytes are not those that were recorded. It was kept as "${keptAs}".`,
      { hint: RESTORE, data: { file, keptAs } },
    );
  }

  async #writeFile(file: string, bytes: Uint8Array): Promise<void> {
    const present = await stat(file).catch(() => undefined);
    // Another size is a file that something else has cut: written again, it is whole again.
    if (present?.size === bytes.byteLength) return;
    await mkdir(dirname(file), { recursive: true });
    const temporary = `${file}.${randomUUID()}.tmp`;
    try {
      const handle = await open(temporary, "wx");
      try {
        await handle.writeFile(bytes);
        await handle.sync();
      } finally {
        await handle.close();
      }
      failpoint("content-unnamed");
      await rename(temporary, file);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  #fileOf(reference: ContentReference): string {
    return join(this.#dir, contentPath(reference));
  }
}

async function syncFolder(folder: string): Promise<void> {
  // Windows cannot open a folder for that; its file system journals names by itself.
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
