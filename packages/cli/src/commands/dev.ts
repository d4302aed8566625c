/** `flow dev`: keeps the build current while sources change. */
import { EXIT, type ExitCode } from "@millrace/core";
import { buildDocument, buildSummary, relativeTo } from "../output/build-report.js";
import { diagnosticsText } from "../output/diagnostics-text.js";
import { errorBlock, errorDocument } from "../output/report-error.js";
import { colorsFor, printLine, say } from "../output/streams.js";
import { compilerVersion, loadCompiler } from "../project/load-compiler.js";
import { placeOfCommand } from "../project/place-of-command.js";
import { beforeBuild } from "../project/staleness.js";
import { catchSignals } from "../signals.js";
import type { CommonOptions } from "./common-options.js";

/** Names shown of what has changed; the rest is counted. */
const NAMES_SHOWN = 3;

/** Builds, and builds again after every change, until SIGINT or SIGTERM; a second signal does not wait for the build. */
export async function dev(options: CommonOptions): Promise<ExitCode> {
  const place = placeOfCommand(options.cwd);
  const { watchProject } = await loadCompiler("build the project");
  const stop = new AbortController();
  const signals = catchSignals(() => stop.abort());
  let builds = 0;
  try {
    let note: ReturnType<typeof beforeBuild> | undefined;
    for await (const event of watchProject({ cwd: place.cwd, signal: stop.signal })) {
      if (event.type === "building") {
        note = beforeBuild(place);
        const changed = event.changed.map((path) => relativeTo(place.root, path) || ".");
        if (options.json) printLine({ event: "building", changed });
        else if (changed.length > 0) say(colorsFor(process.stderr).dim(changedText(changed)));
        continue;
      }
      builds += 1;
      const { durationMs } = event;
      if (event.type === "refused") {
        if (options.json) printLine({ event: "refused", durationMs, ...errorDocument(event.error) });
        say(errorBlock(event.error, { stack: options.debug === true }));
        continue;
      }
      const { root, diagnostics } = event.result;
      note?.(event.result, compilerVersion() ?? "");
      const document = buildDocument(event.result);
      if (diagnostics.length > 0) say(`${await diagnosticsText(root, diagnostics)}\n\n`);
      if (options.json) printLine({ event: "built", durationMs, ...document });
      say(buildSummary(document, "build", durationMs));
      if (builds === 1) say("Watching; Ctrl+C ends it.");
    }
    if (options.json) printLine({ event: "stopped", builds });
    return signals.caught?.exitCode ?? EXIT.success;
  } finally {
    signals.release();
  }
}

function changedText(changed: readonly string[]): string {
  const more = changed.length - NAMES_SHOWN;
  return `changed: ${changed.slice(0, NAMES_SHOWN).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
