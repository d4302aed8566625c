/** The manifest as bytes: equal manifests give equal text. */
import type { Manifest } from "./manifest.js";

/** JSON with two spaces and a final newline. Key order is that of the document's construction: see build-manifest. */
export function manifestText(manifest: Manifest): string {
  return `${JSON.stringify(manifest, undefined, 2)}\n`;
}
