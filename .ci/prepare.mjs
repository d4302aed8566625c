/**
 * Makes a checkout ready to use: installs what package-lock.json asks for and builds the packages. Quick when there is
 * nothing to do. Plain Node without dependencies; called by `npm run demo` and before `npm test`.
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { install } from "./install.mjs";
import { fail, run, say } from "./steps.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const FLOOR = [20, 19];

requireNode();
install(root);
say("building");
run("tsc -b", process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-b"], { cwd: root });
say("ready");

function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const [floorMajor, floorMinor] = FLOOR;
  if (major > floorMajor || (major === floorMajor && minor >= floorMinor)) return;
  fail(`Node ${process.versions.node} is too old: Millrace needs ${FLOOR.join(".")} or newer.`);
}
