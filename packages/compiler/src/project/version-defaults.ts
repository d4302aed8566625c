/**
 * Compiler options that the project's TypeScript assumes and the analyser's own (6.0) does not. Only defaults that
 * change what a type is: they are laid under the project's options.
 */
import { createRequire } from "node:module";
import { join } from "node:path";
import type { ts } from "ts-morph";

/** Defaults of the TypeScript that is installed beside the project; none if it is version 6 or later, or absent. */
export function versionDefaults(root: string): ts.CompilerOptions {
  const major = installedMajor(root);
  // 6.0 made `strict` the default and stopped loading every @types package.
  return major !== undefined && major < 6 ? { strict: false, types: ["*"] } : {};
}

function installedMajor(root: string): number | undefined {
  try {
    const { version } = createRequire(join(root, "package.json"))("typescript/package.json") as { version: string };
    return Number.parseInt(version, 10);
  } catch {
    return undefined;
  }
}
