/** Checkpoints as files of a folder: each write is a new file, synced and then renamed, so that a crash leaves the old text or the new one. */
import { createHash } from "node:crypto";
import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Checkpointer } from "@millrace/core";

/** Keeps checkpoints in a folder, which is created with the first of them. */
export function fileCheckpointer(dir: string): Checkpointer {
  return {
    async write(name, contents) {
      await mkdir(dir, { recursive: true });
      const file = join(dir, fileName(name));
      const next = `${file}.next`;
      await synced(next, "w", (handle) => handle.writeFile(contents));
      await rename(next, file);
      // The new name, too, has to survive a power cut; Windows has no such thing for folders.
      if (process.platform !== "win32") await synced(dir, "r");
    },
    async read(name) {
      return readFile(join(dir, fileName(name)), "utf8").catch((error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT") return undefined;
        throw error;
      });
    },
    async clear(name) {
      await rm(join(dir, fileName(name)), { force: true });
    },
  };
}

type FileHandle = Awaited<ReturnType<typeof open>>;

/** Opens a path, does something with it, and lets the disk have it. */
async function synced(path: string, flags: string, work?: (handle: FileHandle) => Promise<void>): Promise<void> {
  const handle = await open(path, flags);
  try {
    await work?.(handle);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** `nightly-3f9c2a1b7d.checkpoint`: readable, safe on every file system, one for each name. */
function fileName(name: string): string {
  const label = name
    .replace(/[^A-Za-z0-9_]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 80);
  const hash = createHash("sha256").update(name).digest("hex").slice(0, 10);
  return `${label}-${hash}.checkpoint`;
}
