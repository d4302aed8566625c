/** What esbuild reports, as our diagnostics. */
import { resolve } from "node:path";
import type { Diagnostic } from "@millrace/core/project";
import type { BuildFailure, Message } from "esbuild";
import { relativePosix } from "../project/relative-posix.js";
import type { ImportFault } from "./import-fault.js";

/** True for the error with which esbuild's `build` rejects on faulty input. */
export function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && "errors" in error && Array.isArray(error.errors);
}

/** Diagnostics of esbuild's messages. `root` is the folder that their paths are relative to. */
export function esbuildDiagnostics(messages: readonly Message[], root: string): readonly Diagnostic[] {
  return messages.map((message) => {
    const { location } = message;
    // esbuild counts columns in UTF-8 bytes.
    const units = (bytes: number): number =>
      Buffer.from(location?.lineText ?? "")
        .subarray(0, bytes)
        .toString().length;
    const line = location?.line ?? 1;
    const column = units(location?.column ?? 0) + 1;
    const endColumn = units((location?.column ?? 0) + (location?.length ?? 0)) + 1;
    const fault = message.detail as ImportFault | undefined; // nobody but the import plugin gives details
    return {
      code: fault?.code ?? "module-not-compilable",
      severity: "error",
      message: message.text,
      span: {
        file: location ? relativePosix(root, resolve(root, location.file)) : "package.json",
        line,
        column,
        endLine: line,
        endColumn,
      },
      related: [],
      hint: fault?.hint ?? "Correct the module; the compiler's own words are above.",
      data: fault ? { specifier: fault.specifier } : {},
    };
  });
}
