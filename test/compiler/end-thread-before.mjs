// Loaded before a build (NODE_OPTIONS): ends a thread that is about to write a file whose path matches END_BEFORE, as a fault in it would.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { isMainThread } from "node:worker_threads";

const pattern = process.env.END_BEFORE;
if (!isMainThread && pattern !== undefined) {
  const { writeFileSync } = fs;
  fs.writeFileSync = (path, ...args) => {
    if (new RegExp(pattern).test(path)) process.exit(3);
    return writeFileSync(path, ...args);
  };
  syncBuiltinESMExports();
}
