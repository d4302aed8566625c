/** `flow export <flow>`: the flow as a job file or job graph, if nothing of it is code. */
import { EXIT, type ExitCode, formatCount, type JobGraph, MillraceError } from "@millrace/core";
import type { Command } from "commander";
import { print, say } from "../output/streams.js";
import { writeOutput } from "../output/write-output.js";
import { ensureBuild } from "../project/ensure-build.js";
import { loadCompiler } from "../project/load-compiler.js";
import { placeOfCommand } from "../project/place-of-command.js";
import type { CommonOptions } from "./common-options.js";
import { findFlow } from "./find-flow.js";
import { parametersOf } from "./parameters-of.js";
import { readWithoutValues } from "./read-document-file.js";

/** Options of `flow export`. */
export interface ExportOptions extends CommonOptions {
  readonly param: readonly string[];
  readonly params?: string;
  readonly name?: string;
  readonly output?: string;
}

/** What commander hands over. */
export interface ExportInvocation {
  readonly flow: string;
  readonly parameters: readonly string[];
  readonly options: ExportOptions;
  readonly command: Command;
}

/** Writes the job. @throws MillraceError `flow-not-exportable`, once each reason has been printed with its place. */
export async function exportFlow({ flow: id, parameters, options, command }: ExportInvocation): Promise<ExitCode> {
  const place = placeOfCommand(options.cwd);
  const manifest = await ensureBuild(place);
  const flow = findFlow(manifest, id);
  const params = await parametersOf(flow, { parameters, options, command });
  const compiler = await loadCompiler("export a flow");
  const name = options.name ?? `${flow.id}-job`;
  const exported = await compiler.exportFlow({ root: place.root, flow, params, name });
  if ("reasons" in exported) {
    const { reasons } = exported;
    const lines = reasons.map(({ span, message }) => `${span.file}:${span.line}:${span.column}  ${message}`);
    say(`${lines.join("\n")}\n\n`);
    throw new MillraceError(
      "flow-not-exportable",
      `${flow.id} is no job graph, for ${formatCount(reasons.length, "reason")}.`,
      {
        hint: "In a job all calls are known before it runs, and take parts of results as they are. docs/job-graphs.md says what it can be.",
        data: { flow: flow.id, reasons },
      },
    );
  }
  const text = await textOf(readWithoutValues(exported.graph, manifest), options.json === true);
  if (options.output === undefined) print(text);
  else await writeOutput(options.output, text);
  return EXIT.success;
}

async function textOf(graph: JobGraph, json: boolean): Promise<string> {
  if (json) return JSON.stringify(graph, null, 2);
  const { writeJob } = await import("@millrace/jobs");
  return writeJob(graph).trimEnd();
}
