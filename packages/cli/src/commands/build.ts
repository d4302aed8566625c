/** `flow build` and `flow check`. */
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import {
  type BuildDocument,
  compareDiagnostics,
  type Diagnostic,
  diagnosticSources,
  EXIT,
  type ExitCode,
  githubAnnotations,
  STATE_PATHS,
  sarifLog,
} from "@millrace/core/project";
import { type BuildResult, buildDocument, buildSummary } from "../output/build-report.js";
import { diagnosticsText } from "../output/diagnostics-text.js";
import { print, printJson, say } from "../output/streams.js";
import { jobFiles } from "../project/job-files.js";
import { compilerVersion, loadCompiler } from "../project/load-compiler.js";
import { type CommandPlace, placeOfCommand } from "../project/place-of-command.js";
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
  let note: ReturnType<typeof beforeBuild> | undefined;
  const beforeReading = (): void => {
    if (mode === "build") note = beforeBuild(place);
  };
  const compiled = await compile({ cwd: place.cwd, mode, beforeReading });
  note?.(compiled, compilerVersion() ?? "");
  const used = await withoutUsedTasks(compiled);
  const result = await (mode === "check" ? withJobs(used) : withJobSchema(used, place));
  const { root, diagnostics } = result;

  const document = buildDocument(result);
  if (diagnostics.length > 0) say(`${await diagnosticsText(root, diagnostics)}\n\n`);
  await printDocument(document, options);
  say(buildSummary(document, mode, performance.now() - started));
  return document.ok ? EXIT.success : EXIT.diagnostics;
}

/** A task that a job file names is used, though no code mentions it. */
async function withoutUsedTasks(compiled: BuildResult): Promise<BuildResult> {
  const { root, diagnostics } = compiled;
  const files = diagnostics.some(({ code }) => code === "task-unused") ? jobFiles(root) : [];
  if (files.length === 0) return compiled;
  const { tasksNamed } = await import("@millrace/jobs");
  const named = tasksNamed(files, root);
  const isUsed = ({ code, data }: Diagnostic): boolean => code === "task-unused" && named.has(String(data.task));
  return { ...compiled, diagnostics: diagnostics.filter((one) => !isUsed(one)) };
}

/** The findings of the project's job files, too. Without a manifest there is nothing that they could be checked against. */
async function withJobs(compiled: BuildResult): Promise<BuildResult> {
  const { root, diagnostics } = compiled;
  const files = jobFiles(root);
  // Looked at last: an unchanged manifest is read when it is asked for.
  const manifest = files.length === 0 ? undefined : compiled.manifest;
  if (!manifest) return compiled;
  const { checkJobFiles } = await import("@millrace/jobs");
  const found = await checkJobFiles(files, { root, manifest });
  if (found.length === 0) return compiled;
  const all = [...diagnostics, ...found].sort(compareDiagnostics);
  const refused = found.some(({ severity }) => severity === "error") ? { built: undefined } : {};
  return { ...compiled, ...refused, diagnostics: all };
}

/** Where there are job files, editors get a schema for them. */
async function withJobSchema(compiled: BuildResult, { stateDir }: CommandPlace): Promise<BuildResult> {
  const { root, written } = compiled;
  const manifest = jobFiles(root).length === 0 ? undefined : compiled.manifest;
  if (!manifest) return compiled;
  const { jobSchema, jobSchemaText } = await import("@millrace/jobs");
  const file = join(stateDir, STATE_PATHS.jobSchema);
  const text = jobSchemaText(jobSchema(manifest));
  if (existsSync(file) && readFileSync(file, "utf8") === text) return compiled;
  // Beside it first: an editor must not read half of it.
  const beside = `${file}.${process.pid}`;
  writeFileSync(beside, text);
  renameSync(beside, file);
  return { ...compiled, written: [...written, file].sort() };
}

async function printDocument(document: BuildDocument, { json, format }: BuildOptions): Promise<void> {
  const { root, diagnostics } = document;
  if (json || format === "json") printJson(document);
  else if (format === "sarif") {
    const sources = await diagnosticSources(root, diagnostics);
    printJson(sarifLog(diagnostics, { rootUrl: `${pathToFileURL(root)}/`, version: compilerVersion() ?? "", sources }));
  } else if (format === "github" && diagnostics.length > 0) print(githubAnnotations(diagnostics));
}
