/**
 * Installs packages that only some checks need and an ordinary checkout goes without: `install-private.mjs DIR…`, each a folder
 * with a package.json and package-lock.json of its own. Quick when there is nothing to do.
 */
import { resolve } from "node:path";
import { installLocked } from "./install-locked.mjs";

for (const folder of process.argv.slice(2)) {
  try {
    installLocked(resolve(folder), (text) => console.log(`${folder}: ${text}`));
  } catch (error) {
    console.error(`${folder}: ${error.message}`);
    process.exit(1);
  }
}
