/** What may be found on a disk whose power failed: all that was made durable, and any part of the rest. */
import { type DiskOp, type Inode, moveNames } from "./disk-trace.js";

/** How much of what was not durable has reached the disk by itself. */
export type Luck = "nothing" | "everything" | "any part" | "torn";

/** Files by path; folders have no content. */
export type Found = ReadonlyMap<string, Buffer | undefined>;

/** Size of what a disk writes in one piece, bytes. */
const SECTOR = 512;

/**
 * The files after the first `cut` calls. Data writes survive or not each by itself, whole or (torn) up to a sector; names of a folder
 * survive in their order, as a journal of the file system keeps them.
 * @param random Gives numbers from 0 to 1.
 */
export function afterPowerCut(ops: readonly DiskOp[], cut: number, luck: Luck, random: () => number): Found {
  const done = ops.slice(0, cut);
  const files = dataOf(done, luck, random);
  const names = new Map<string, Inode | undefined>();
  for (const op of survivingNames(done, luck, random)) {
    if (op.type === "name") names.set(op.path, op.inode);
    else if (op.type === "folder") names.set(op.path, undefined);
    else if (op.type === "unlink") unlink(names, op.path);
    else {
      moveNames(names, op.from, op.to);
      // Also if the name that it had in another folder was lost: this one leads to what it led to.
      names.set(op.to, op.inode);
    }
  }
  return new Map([...names].map(([path, inode]) => [path, inode === undefined ? undefined : files.get(inode)]));
}

/** A name, and all below it: a folder goes with what is in it. */
function unlink(names: Map<string, Inode | undefined>, gone: string): void {
  for (const path of [...names.keys()]) if (path === gone || path.startsWith(`${gone}/`)) names.delete(path);
}

type Naming = Extract<DiskOp, { readonly type: "name" | "folder" | "rename" | "unlink" }>;

function isNaming(op: DiskOp): op is Naming {
  return op.type === "name" || op.type === "folder" || op.type === "rename" || op.type === "unlink";
}

function survivingNames(done: readonly DiskOp[], luck: Luck, random: () => number): readonly Naming[] {
  const durable = new Map<string, number>();
  for (const op of done)
    if (op.type === "sync-folder") durable.set(op.folder, Math.max(op.covers, durable.get(op.folder) ?? 0));
  const lost = new Set<string>();
  return done.filter((op, index): op is Naming => {
    if (!isNaming(op)) return false;
    if (index < (durable.get(op.folder) ?? 0)) return true;
    // The first that is lost in a folder loses all that come after it there.
    if (!lost.has(op.folder) && !survives(luck, random)) lost.add(op.folder);
    return !lost.has(op.folder);
  });
}

function dataOf(done: readonly DiskOp[], luck: Luck, random: () => number): Map<Inode, Buffer> {
  const durable = new Map<Inode, number>();
  for (const op of done) if (op.type === "sync") durable.set(op.inode, Math.max(op.covers, durable.get(op.inode) ?? 0));
  const files = new Map<Inode, Buffer>();
  for (const [index, op] of done.entries()) {
    if (op.type === "name") files.set(op.inode, files.get(op.inode) ?? Buffer.alloc(0));
    if (op.type !== "write" && op.type !== "truncate") continue;
    const isDurable = index < (durable.get(op.inode) ?? 0);
    if (!isDurable && !survives(luck, random)) continue;
    const before = files.get(op.inode) ?? Buffer.alloc(0);
    if (op.type === "truncate") files.set(op.inode, resized(before, op.size));
    else {
      const sectors = Math.floor(random() * (op.data.length / SECTOR + 1));
      const data = isDurable || luck !== "torn" ? op.data : op.data.subarray(0, sectors * SECTOR);
      const after = resized(before, Math.max(before.length, op.offset + data.length));
      data.copy(after, op.offset);
      files.set(op.inode, after);
    }
  }
  return files;
}

function survives(luck: Luck, random: () => number): boolean {
  if (luck === "nothing") return false;
  return luck === "everything" || random() < 0.5;
}

/** A copy: what is new is zeros. */
function resized(before: Buffer, size: number): Buffer {
  const after = Buffer.alloc(size);
  before.copy(after, 0, 0, Math.min(before.length, size));
  return after;
}
