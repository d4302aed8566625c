// The project of these benchmarks, compiled in a temporary folder that goes with the measurement.
import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { compile } from "@millrace/compiler";

/** Calls `measure` with the folder of the project and its manifest. */
export async function withBenchProject(measure) {
  const folder = mkdtempSync(join(tmpdir(), "millrace-bench-"));
  try {
    cpSync(join(import.meta.dirname, "project"), folder, { recursive: true });
    symlinkSync(resolve(import.meta.dirname, "../../../node_modules"), join(folder, "node_modules"));
    const { manifest, diagnostics } = await compile({ cwd: folder, mode: "build" });
    if (!manifest) throw new Error(diagnostics.map((d) => d.message).join("\n"));
    return await measure(folder, manifest);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
