/** Where the Node versions of this folder lie, once `node .ci/install-private.mjs test/nodes` has run. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Major versions, oldest first. */
export const NODE_VERSIONS = [22, 24, 26];

/** Absolute path of a Node of a major version. Throws where there is none for this platform. */
export function nodeBinary(major) {
  const name = `node-${major}-${process.platform}-${process.arch}`;
  const path = fileURLToPath(new URL(`node_modules/${name}/bin/node`, import.meta.url));
  if (existsSync(path)) return path;
  throw new Error(
    `There is no ${path}. Run \`node .ci/install-private.mjs test/nodes\`; it has Node for Linux on x64 and arm64.`,
  );
}
