// Loaded before a build (`--import`): kills the process as kill -9 does, just before the first change to the disk that
// matches KILL_BEFORE, a pattern over "function path…".
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

const pattern = new RegExp(process.env.KILL_BEFORE);
for (const name of ["writeFileSync", "renameSync"]) {
  const change = fs[name];
  fs[name] = (...args) => {
    const paths = args.filter((arg) => typeof arg === "string" && arg.startsWith("/"));
    if (pattern.test([name, ...paths].join(" "))) process.kill(process.pid, "SIGKILL");
    return change(...args);
  };
}
syncBuiltinESMExports();
