/** Fingerprint of a linked JavaScript package, whose files change without a new version. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { relativePosix } from "../project/relative-posix.js";

const SKIPPED = new Set(["node_modules", ".git", ".flow"]);
const CODE = /\.(?:[cm]?js|json|node|wasm)$/;

/** SHA-256 over all code files of a package's folder, base64url: coarser than what is imported, never finer. */
export function hashLinkedPackage(folder: string): string {
  const hash = createHash("sha256");
  for (const file of codeFilesOf(folder)) {
    hash.update(JSON.stringify([relativePosix(folder, file), readFileSync(file).toString("base64")]));
  }
  return hash.digest("base64url");
}

/** All code files of a package, its own packages left out; absolute, sorted. */
export function codeFilesOf(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : codeFilesOf(path);
      return entry.isFile() && CODE.test(entry.name) ? [path] : [];
    });
}
