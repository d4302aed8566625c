/** The build that there is where nothing was built: it declares nothing, and job graphs of commands run on it. */
import { type BuildHash, MANIFEST_VERSION, type Manifest } from "@millrace/core";

/** No hash is like it. */
const NONE = "none" as BuildHash;

/** What it declares. */
export const EMPTY_MANIFEST: Manifest = {
  manifestVersion: MANIFEST_VERSION,
  graphVersion: 1,
  build: NONE,
  compiler: NONE,
  tasks: {},
  flows: {},
};
