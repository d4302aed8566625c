/** Folders and their entries, as records need them. */
import { open } from "node:fs/promises";

/** True for an error of the file system with one of these codes. */
export function isCode(error: unknown, ...codes: readonly string[]): boolean {
  return typeof error === "object" && error !== null && "code" in error && codes.includes(String(error.code));
}

/** What has been linked, renamed or made in a folder survives a power cut from then on. Where folders cannot be opened, the system sees to it. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r").catch((error: unknown) => {
    if (isCode(error, "EISDIR", "EPERM", "EACCES", "ENOENT")) return undefined;
    throw error;
  });
  if (!handle) return;
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
