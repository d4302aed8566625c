/** `flow build` and `flow check`. */
import { pathToFileURL } from "node:url";
import {
  type BuildDocument,
  diagnosticSources,
  EXIT,
  type ExitCode,
  githubAnnotations,
  sarifLog,
} from "@millrace/core/project";
import { buildDocument, buildSummary } from "../output/build-report.js";
import { diagnosticsText } from "../output/diagnostics-text.js";
import { print, printJson, say } from "../output/streams.js";
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
  const note = mode === "build" ? beforeBuild(place) : undefined;
  const result = await compile({ cwd: place.cwd, mode });
  const { root, diagnostics } = result;
  note?.(result, compilerVersion() ?? "");

  const document = buildDocument(result);
  if (diagnostics.length > 0) say(`${await diagnosticsText(root, diagnostics)}\n\n`);
  await printDocument(document, options);
  say(buildSummary(document, mode, performance.now() - started));
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
