/**
 * Compiled modules kept from one build to the next of the same process: what one module compiles to depends on its own text
 * and edits, as long as imports lead where they led.
 */

import type { TakenNames } from "../emit/import-names.js";
import type { PackageRef } from "../emit/resolve-import.js";
import type { FacadeRequest } from "./common-js.js";

/** What is met while a module is compiled. Files and folders are absolute paths. */
export type Met =
  /** A module that needs an output, with what is taken from it. */
  | { readonly type: "module"; readonly file: string; readonly taken: TakenNames | undefined }
  /** A file that stays where it is, and whose content decides results. */
  | { readonly type: "file"; readonly file: string }
  | { readonly type: "package"; readonly package: PackageRef }
  | { readonly type: "facade"; readonly request: FacadeRequest }
  /** A folder that was searched for modules. */
  | { readonly type: "folder"; readonly folder: string };

/** A module as it was compiled. */
export interface KeptModule {
  /** What it was made of: its text and its edits. */
  readonly source: string;
  readonly met: readonly Met[];
  /** Path relative to the build folder → text. */
  readonly outputs: readonly (readonly [string, string])[];
  readonly commonJs: boolean;
}

/** Modules of one project by file. Whoever keeps it drops it when imports may lead elsewhere. */
export type KeptModules = Map<string, KeptModule>;
