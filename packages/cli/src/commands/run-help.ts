/** `flow run --help` and `flow run <flow> --help`: options, and flags made from the flow's types. */

import { EXIT, type ExitCode, type FlowEntry, type Manifest } from "@millrace/core";
import type { Command } from "commander";
import { oneLine, parameterRows } from "../flags/parameter-help.js";
import { flagColumn, type HelpTextRow, helpSection } from "../output/help-text.js";
import { colorsFor, print } from "../output/streams.js";
import { currentManifest, ensureBuild } from "../project/ensure-build.js";
import { placeOfCommand } from "../project/place-of-command.js";
import type { CommonOptions } from "./common-options.js";
import { findFlow } from "./find-flow.js";

/** What help is asked for. */
export interface RunHelpRequest {
  readonly flow: string | undefined;
  readonly options: CommonOptions;
  readonly command: Command;
}

/** Prints help. With a flow it needs a build, and makes one if need be; without one it lists what the last build has. */
export async function runHelp({ flow: name, options, command }: RunHelpRequest): Promise<ExitCode> {
  const optionRows = command.options.map((o): HelpTextRow => ({ flags: o.flags, meaning: o.description }));
  if (name !== undefined && !name.startsWith("-")) {
    const flow = findFlow(await ensureBuild(placeOfCommand(options.cwd)), name);
    print(flowHelp(flow, optionRows, new Set(command.options.map((o) => o.name()))));
    return EXIT.success;
  }
  const flows = Object.values((await knownManifest(options.cwd))?.flows ?? {});
  const flowRows = flows.map((flow): HelpTextRow => ({ flags: flow.id, meaning: oneLine(flow.doc) }));
  const column = flagColumn([...optionRows, ...flowRows]);
  print(
    [
      "Usage: flow run <flow> [options] [--<parameter> <value>]...",
      "",
      "Runs a flow; its parameters are flags.",
      "",
      ...(flowRows.length > 0 ? helpSection("Flows", flowRows, column) : []),
      ...helpSection("Options", optionRows, column),
    ].join("\n"),
  );
  return EXIT.success;
}

function flowHelp(flow: FlowEntry, optionRows: readonly HelpTextRow[], taken: ReadonlySet<string>): string {
  const colors = colorsFor(process.stdout);
  const parameters = parameterRows(flow, taken);
  const column = flagColumn([...parameters, ...optionRows]);
  const required = flow.params.filter((p) => p.required).map((p) => `--${p.name} …`);
  return [
    `Usage: flow run ${flow.id} ${[...required, "[options]"].join(" ")}`,
    "",
    ...(flow.doc ? [flow.doc.trim(), ""] : []),
    ...(parameters.length > 0
      ? helpSection("Parameters", parameters, column)
      : [colors.dim("This flow has no parameters."), ""]),
    ...helpSection("Options", optionRows, column),
    `Returns ${flow.result.text}`,
  ].join("\n");
}

/** The last build's manifest, if there is one; help works without. */
async function knownManifest(cwd: string | undefined): Promise<Manifest | undefined> {
  try {
    return await currentManifest(placeOfCommand(cwd));
  } catch {
    return undefined;
  }
}
