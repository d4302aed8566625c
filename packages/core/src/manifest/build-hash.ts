/** The content hash that names a build. Made by the compiler, checked by `flow doctor`. */
import { createHash } from "node:crypto";
import type { BuildHash } from "../identity/brands.js";
import type { Manifest } from "./manifest.js";
import { manifestText } from "./manifest-text.js";

/**
 * 32 hexadecimal digits of SHA-256 over a manifest, with its `build` left empty, and the outputs.
 * @param outputs Posix path relative to the build folder → text.
 */
export function hashBuild(manifest: Manifest, outputs: ReadonlyMap<string, string>): BuildHash {
  // Safe: no build has no name; the empty one only keeps the hash out of what is hashed.
  const hash = createHash("sha256").update(manifestText({ ...manifest, build: "" as BuildHash }));
  for (const [path, text] of [...outputs].sort(([a], [b]) => (a < b ? -1 : 1)))
    hash.update(JSON.stringify([path, text]));
  return hash.digest("hex").slice(0, 32) as BuildHash; // the one place that makes build hashes
}
