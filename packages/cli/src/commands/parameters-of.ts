/** The parameters of a flow, as the commands take them that need all of them: flags, `--param` and `--params`. */
import { readFile } from "node:fs/promises";
import { type FlowEntry, MillraceError } from "@millrace/core";
import type { Command } from "commander";

/** What commander hands over of them. */
export interface GivenParameters {
  /** Arguments that are no options of the command. */
  readonly parameters: readonly string[];
  readonly options: { readonly param: readonly string[]; readonly params?: string };
  readonly command: Command;
}

/** The parameter object. @throws MillraceError `unknown-flag`, `invalid-parameters`. */
export async function parametersOf(
  flow: FlowEntry,
  { parameters, options, command }: GivenParameters,
): Promise<Record<string, unknown>> {
  const { readParameters } = await import("../flags/read-parameters.js");
  return readParameters(flow, {
    tokens: parameters,
    assignments: options.param,
    taken: new Set(command.options.map((option) => option.name())),
    ...(options.params === undefined ? {} : { file: await readParamsFile(options.params) }),
  });
}

async function readParamsFile(file: string): Promise<{ name: string; content: unknown }> {
  try {
    return { name: file, content: JSON.parse(await readFile(file, "utf8")) as unknown };
  } catch (cause) {
    throw new MillraceError("invalid-parameters", `${file} cannot be read as JSON.`, {
      hint: 'The file of --params holds one object: { "cities": ["Oslo"], "days": 3 }.',
      data: { file },
      cause,
    });
  }
}
