/** Makes sure that the build in `.flow` is that of the sources. Called by the commands that need one. */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Manifest, MillraceError, readManifest, STATE_PATHS } from "@millrace/core";
import { countDiagnostics, diagnosticsText } from "../output/diagnostics-text.js";
import { say } from "../output/streams.js";
import { compilerVersion, loadCompiler } from "./load-compiler.js";
import type { CommandPlace } from "./place-of-command.js";
import { beforeBuild, judgeBuild } from "./staleness.js";

/**
 * Builds if the build is missing or stale, and gives its manifest.
 * @throws MillraceError `compiler-missing`, `build-failed` (its diagnostics have been printed), `manifest-unreadable`.
 */
export async function ensureBuild(place: CommandPlace): Promise<Manifest> {
  const verdict = judgeBuild(place, compilerVersion());
  if (!verdict.stale) return currentManifest(place);
  const { compile } = await loadCompiler(`build the project (${verdict.reason})`);
  say(`Building, since ${verdict.reason}.`);
  const note = beforeBuild(place);
  const result = await compile({ cwd: place.cwd, mode: "build" });
  const { root, diagnostics, manifest } = result;
  if (diagnostics.length > 0) say(`${await diagnosticsText(root, diagnostics)}\n\n`);
  if (!manifest) {
    const { errors } = countDiagnostics(diagnostics);
    throw new MillraceError(
      "build-failed",
      `The build found ${errors} ${errors === 1 ? "error" : "errors"}; nothing was run.`,
      {
        hint: "Correct what is shown above. `flow check` shows it again.",
        data: { errors },
      },
    );
  }
  note(result, compilerVersion() ?? "");
  return manifest;
}

/** The manifest as it stands. @throws MillraceError `manifest-missing`, `manifest-unreadable`. */
export async function currentManifest(place: CommandPlace): Promise<Manifest> {
  const file = join(place.stateDir, STATE_PATHS.manifest);
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new MillraceError("manifest-missing", `There is no build here: ${file} cannot be read.`, {
      hint: "Run `flow build`.",
      data: { file },
      cause,
    });
  });
  return readManifest(text, file);
}
