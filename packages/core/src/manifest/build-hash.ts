/** The content hash that names a build. Made by the compiler, checked by `flow doctor`. */
import { createHash } from "node:crypto";
import type { BuildHash } from "../identity/brands.js";
import type { Manifest } from "./manifest.js";
import { manifestText } from "./manifest-text.js";

/** 32 hexadecimal digits of SHA-256 over a manifest, with its `build` left empty, and the digest of its outputs. */
export function hashBuild(manifest: Manifest, outputs: string): BuildHash {
  // Safe: no build has no name; the empty one only keeps the hash out of what is hashed.
  const text = manifestText({ ...manifest, build: "" as BuildHash });
  return createHash("sha256").update(text).update(outputs).digest("hex").slice(0, 32) as BuildHash; // the one place that makes build hashes
}
