// Loaded before everything else: root, whom no permission stops, becomes a user who owns nothing.
import { isMainThread } from "node:worker_threads";

const NOBODY = 65_534;
if (isMainThread && process.getuid() === 0) {
  process.setgroups([]);
  process.setgid(NOBODY);
  process.setuid(NOBODY);
}
