/**
 * Tells when something may have changed in some folders: one watcher of Node's own for each folder, never for a tree. It
 * does not say what: events come late, twice, or without a name, depending on the platform.
 */
import { type FSWatcher, statSync, watch } from "node:fs";
import { dirname } from "node:path";
import { MillraceError } from "@millrace/core/project";

/** Editors write a file in several steps, and git a whole tree: they have settled when nothing came for so long, ms. */
const SETTLED_MS = 25;
/** What never settles is looked at nevertheless, ms. */
const LONGEST_MS = 500;

interface Watched {
  readonly watcher: FSWatcher;
  /** The folder it was opened for: one that is made again under the same name needs another. */
  readonly inode: number;
}

/** Watches folders until closed. */
export class DiskEvents {
  readonly #watched = new Map<string, Watched>();
  #seen = false;
  #wake: (() => void) | undefined;

  /**
   * Watches exactly these folders from now on; where one does not exist, the nearest above that does. Answers whether any
   * was added: what happened in it before that came without an event.
   * @throws MillraceError `watch-refused` if the system allows no more watchers.
   */
  watch(folders: Iterable<string>): boolean {
    const wanted = new Map<string, number>();
    for (const folder of folders) {
      const found = existing(folder);
      if (found) wanted.set(found.path, found.inode);
    }
    for (const [path, { watcher, inode }] of this.#watched) {
      if (wanted.get(path) === inode) continue;
      watcher.close();
      this.#watched.delete(path);
    }
    let added = false;
    for (const [path, inode] of wanted) {
      if (this.#watched.has(path)) continue;
      added = this.#open(path, inode) || added;
    }
    return added;
  }

  /** Resolves when something has happened since the last call and things have settled, or when the signal aborts. */
  async next(signal: AbortSignal): Promise<void> {
    await this.#event(signal);
    const since = Date.now();
    do {
      this.#seen = false;
      await this.#event(signal, SETTLED_MS);
    } while (this.#seen && !signal.aborted && Date.now() - since < LONGEST_MS);
    this.#seen = false;
  }

  /** Ends all watchers. */
  close(): void {
    for (const { watcher } of this.#watched.values()) watcher.close();
    this.#watched.clear();
  }

  /** Resolves at an event, one that has come already included, or after some time. */
  #event(signal: AbortSignal, timeoutMs?: number): Promise<void> {
    if (this.#seen || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener("abort", done);
        this.#wake = undefined;
        resolve();
      };
      const timer = timeoutMs === undefined ? undefined : setTimeout(done, timeoutMs);
      signal.addEventListener("abort", done);
      this.#wake = done;
    });
  }

  #open(path: string, inode: number): boolean {
    const happened = (): void => {
      this.#seen = true;
      this.#wake?.();
    };
    try {
      const watcher = watch(path, happened);
      // A folder that goes away ends its watcher; the next look decides what that means.
      watcher.on("error", happened);
      this.#watched.set(path, { watcher, inode });
      return true;
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException; // thrown by fs.watch
      if (code === "ENOENT" || code === "ENOTDIR") return false; // gone meanwhile
      throw refused(path, cause);
    }
  }
}

function existing(folder: string): { readonly path: string; readonly inode: number } | undefined {
  for (let path = folder; ; path = dirname(path)) {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found?.isDirectory()) return { path, inode: found.ino };
    if (dirname(path) === path) return undefined;
  }
}

function refused(folder: string, cause: unknown): MillraceError {
  return new MillraceError("watch-refused", `The system refuses to watch ${folder}.`, {
    hint: "End other programs that watch files, or raise the limit (Linux: fs.inotify.max_user_instances and max_user_watches).",
    data: { folder },
    cause,
  });
}
