/** `flow build` and `flow check`. */
import { relative, sep } from "node:path";
import { pathToFileURL } from "node:url";
import {
  type BuildDocument,
  diagnosticSources,
  EXIT,
  type ExitCode,
  formatCount,
  formatDuration,
  githubAnnotations,
  sarifLog,
} from "@millrace/core";
import { countDiagnostics, countsText, diagnosticsText } from "../output/diagnostics-text.js";
import { colorsFor, print, printJson, say } from "../output/streams.js";
import { compilerVersion, loadCompiler } from "../project/load-compiler.js";
import { placeOfCommand } from "../project/place-of-command.js";
import { beforeBuild } from "../project/staleness.js";
import type { CommonOptions } from "./common-options.js";

/** Options of both. */
export interface BuildOptions extends CommonOptions {
  /** What stdout gets; `json` is the same as the option `--json`. Default `text`: nothing. */
  readonly format?: "text" | "json" | "sarif" | "github";
}

/** Compiles the project; findings go to stderr with their code frames, and to stdout in the format asked for. */
export async function build(options: BuildOptions, mode: "build" | "check"): Promise<ExitCode> {
  const place = placeOfCommand(options.cwd);
  const started = performance.now();
  const { compile } = await loadCompiler(`${mode} the project`);
  const note = mode === "build" ? await beforeBuild(place) : undefined;
  const { root, diagnostics, manifest, changed, written } = await compile({ cwd: place.cwd, mode });
  if (manifest && note) await note(manifest, compilerVersion() ?? "");

  const counts = countDiagnostics(diagnostics);
  const document: BuildDocument = {
    ok: manifest !== undefined,
    root,
    ...(manifest
      ? { build: manifest.build, tasks: Object.keys(manifest.tasks), flows: Object.keys(manifest.flows) }
      : {}),
    changed,
    written: written.map((path) => relative(root, path).split(sep).join("/")),
    counts,
    diagnostics,
  };
  if (diagnostics.length > 0) say(`${await diagnosticsText(root, diagnostics)}\n\n`);
  await printDocument(document, options);
  say(summary(document, mode, formatDuration(performance.now() - started)));
  return document.ok ? EXIT.success : EXIT.diagnostics;
}

async function printDocument(document: BuildDocument, { json, format }: BuildOptions): Promise<void> {
  const { root, diagnostics } = document;
  if (json || format === "json") printJson(document);
  else if (format === "sarif") {
    const sources = await diagnosticSources(root, diagnostics);
    printJson(sarifLog(diagnostics, { rootUrl: `${pathToFileURL(root)}/`, version: compilerVersion() ?? "", sources }));
  } else if (format === "github" && diagnostics.length > 0) print(githubAnnotations(diagnostics));
}

function summary(document: BuildDocument, mode: "build" | "check", took: string): string {
  const colors = colorsFor(process.stderr);
  const { ok, build: hash, flows = [], tasks = [], changed, counts } = document;
  const found = countsText(counts);
  if (!ok) return `${colors.red("failed")} in ${took}: ${found}`;
  const size = `${formatCount(flows.length, "flow")}, ${formatCount(tasks.length, "task")}`;
  const what = mode === "check" ? "checked" : changed ? "built" : "unchanged";
  const name = mode === "build" && hash ? `, build ${hash.slice(0, 8)}` : "";
  return `${colors.green(what)} in ${took}: ${size}${name}${found === "" ? "" : `; ${found}`}`;
}
