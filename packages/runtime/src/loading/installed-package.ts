/**
 * The installed copy of this package on the disk. A worker thread starts from a file, and native code and packages with
 * workers of their own cannot live in a bundle: they are loaded from there, also when this code is part of an app's bundle.
 */
import { pathToFileURL } from "node:url";
import { MillraceError } from "@millrace/core";

// Not imported: bundlers replace what a known createRequire resolves by numbers of their own.
const { createRequire } = process.getBuiltinModule("node:module");

/** Files of the installed package, and packages that it depends on. */
export interface InstalledPackage {
  /** File URL of the module that serves channels in a thread. */
  readonly workerEntry: string;
  /** Loads a package as the installed copy sees it; its type is the caller's claim. @throws an error of the module loader. */
  require(name: string): unknown;
}

/**
 * Finds the installed copy by its name, from the file that this code runs in: its own package, or the node_modules above
 * an app's bundle.
 * @throws MillraceError `engine-bundled`.
 */
export function installedPackage(): InstalledPackage {
  let file: string;
  try {
    file = createRequire(import.meta.url).resolve("@millrace/runtime/worker");
  } catch (cause) {
    throw new MillraceError(
      "engine-bundled",
      "The engine stands in a bundle that does not find @millrace/runtime: its threads have no file to start from.",
      {
        hint: 'Make the package "millrace" external and install it where the bundle runs: esbuild `packages: "external"`, Next.js `serverExternalPackages: ["millrace"]`, webpack `externals`, Vite `ssr.external`.',
        cause,
      },
    );
  }
  return { workerEntry: pathToFileURL(file).href, require: createRequire(file) };
}
