/** What configurations can name: built-ins, and what modules of the project and its packages export. Modules are loaded when runs are to be watched, never by a build. */
import { isAbsolute, join } from "node:path";
import { pathToFileURL } from "node:url";
import { filesBelow, isBuiltInObserver, MillraceError, STATE_DIR, STATE_PATHS } from "@millrace/core";
import { importModule } from "../../loading/import-module.js";
import { builtIns } from "./built-in.js";
import type { Constructible, ObserverRegistry } from "./make-configured.js";

/** Where names are looked for beside the built-ins; later ones win, and none of them has the name of a built-in. */
export interface ObserverSources {
  /** Folder that relative paths start at. */
  readonly root: string;
  /** Folder of the logs of a `FileLogger` without `dir`. Default `.flow/logs`, where `flow logs` reads. */
  readonly logs?: string;
  /** Folders that may be missing. Default `loggers` and `extensions`. */
  readonly folders?: readonly string[];
  /** Folders that must be there. */
  readonly required?: readonly string[];
  /** Names of installed packages. */
  readonly packages?: readonly string[];
  /** Names that a program adds. */
  readonly more?: Readonly<Record<string, Constructible | object>>;
}

const MODULE = /(?<!\.d|\.test)\.[mc]?[jt]s$/;

/**
 * Loads the modules of all sources. Everything that they export under a name can be named.
 * @throws MillraceError `observer-invalid` for a folder that is missing, a module that fails, and the name of a built-in.
 */
export async function loadObserverRegistry(sources: ObserverSources): Promise<ObserverRegistry> {
  const { root, folders = ["loggers", "extensions"], required = [], packages = [], more = {} } = sources;
  const { logs = join(root, STATE_DIR, STATE_PATHS.logs) } = sources;
  const registry = new Map<string, Constructible | object>(Object.entries(builtIns({ root, logs })));
  const files = [...filesOf(root, folders, false), ...filesOf(root, required, true)];
  for (const file of files) take(registry, file, await loaded(file, pathToFileURL(file).href));
  for (const name of packages) {
    const { createRequire } = process.getBuiltinModule("node:module");
    take(
      registry,
      name,
      await loaded(name, () => pathToFileURL(createRequire(join(root, "package.json")).resolve(name)).href),
    );
  }
  for (const [name, value] of Object.entries(more)) registry.set(name, value);
  return registry;
}

/** Modules below folders, sorted, so that the same name is always the same thing. */
function filesOf(root: string, folders: readonly string[], isRequired: boolean): readonly string[] {
  return folders.flatMap((folder) => {
    const path = isAbsolute(folder) ? folder : join(root, folder);
    try {
      return filesBelow(path).filter((file) => MODULE.test(file));
    } catch (cause) {
      if (!isRequired) return [];
      throw new MillraceError("observer-invalid", `The folder ${path} cannot be read.`, {
        hint: "Correct the path: it starts at the project's folder.",
        data: { folder: path },
        cause,
      });
    }
  });
}

async function loaded(what: string, url: string | (() => string)): Promise<Record<string, unknown>> {
  try {
    return await importModule(typeof url === "string" ? url : url());
  } catch (cause) {
    const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    const isTypeScript = (cause as NodeJS.ErrnoException).code === "ERR_UNKNOWN_FILE_EXTENSION";
    throw new MillraceError("observer-invalid", `The module ${what} failed on import: ${reason}`, {
      hint: isTypeScript
        ? "This Node runs no TypeScript: give the folder of the compiled files, or use Node 22.18 or newer."
        : "Look at its top level and its imports.",
      data: { module: what },
      cause,
    });
  }
}

function take(
  registry: Map<string, Constructible | object>,
  module: string,
  exports: Readonly<Record<string, unknown>>,
): void {
  for (const [name, value] of Object.entries(exports)) {
    if (name === "default") continue;
    // What files say of built-ins is checked without loading any module.
    if (isBuiltInObserver(name))
      throw new MillraceError("observer-invalid", `The module ${module} exports ${name}, as a built-in is called.`, {
        hint: "Export it under another name.",
        data: { module, name },
      });
    // Safe: functions and objects are all there is to name; what one makes is looked at when it is made.
    if (typeof value === "function" || (typeof value === "object" && value !== null))
      registry.set(name, value as object);
  }
}
