/**
 * Makes a checkout ready to use: installs what package-lock.json asks for and builds the packages. Quick when there is
 * nothing to do. Plain Node without dependencies; called by `npm run demo` and before `npm test`.
 */
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { installLocked, runQuietly } from "./install-locked.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const FLOOR = [20, 19];

try {
  requireNode();
  installLocked(root, say);
  sweep();
  say("building");
  runQuietly("tsc -b", root, process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-b"]);
  runQuietly("bundle", root, process.execPath, [join(root, ".ci/bundle.mjs")]);
  say("ready");
} catch (error) {
  console.error(`prepare: ${error.message}`);
  process.exit(1);
}

function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const [floorMajor, floorMinor] = FLOOR;
  if (major > floorMajor || (major === floorMajor && minor >= floorMinor)) return;
  throw new Error(`Node ${process.versions.node} is too old: Millrace needs ${FLOOR.join(".")} or newer.`);
}

/** Removes outputs of sources that are gone: the compiler leaves them, and they would be packed. Bundles do that for theirs. */
function sweep() {
  for (const name of readdirSync(join(root, "packages"))) {
    const [dist, src] = ["dist", "src"].map((folder) => join(root, "packages", name, folder));
    if (!existsSync(dist)) continue;
    const bundled = readFileSync(join(root, "packages", name, "tsconfig.json"), "utf8").includes("emitDeclarationOnly");
    for (const path of readdirSync(dist, { recursive: true })) {
      const stem = /^(.*)\.(?:d\.ts|js)(\.map)?$/.exec(path);
      // Most sources lie in src; what runs in a browser has a folder of its own beside it.
      const sources = [src, join(root, "packages", name)].map((folder) => join(folder, `${stem?.[1]}.ts`));
      if (!stem || (!stem[2] && sources.some((file) => existsSync(file)))) continue;
      if (bundled && path.endsWith(".js")) continue;
      say(`removing packages/${name}/dist/${path}, which has no source`);
      rmSync(join(dist, path));
    }
  }
}

function say(text) {
  console.log(`prepare: ${text}`);
}
