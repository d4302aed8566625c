/** Loads a compiled module of a build. Bundlers are told to leave this import alone: the file exists only where the app runs. */

/** The exports of the module at a file URL. Rejects with what its top level throws, or an error of the module loader. */
export function importModule(url: string): Promise<Record<string, unknown>> {
  // A module's namespace is an object whose members are its exports.
  return import(/* webpackIgnore: true */ /* @vite-ignore */ url) as Promise<Record<string, unknown>>;
}
