/** `flow spec add <file>`: makes the flow of a spec and stores it, for runners to tick. */
import { EXIT, type ExitCode, MillraceError } from "@millrace/core";
import { checkTypes, type FlowSpec, flowSpecToFlow, type SpecFlow, storeFlow } from "@millrace/jobs";
import { print, printJson, say } from "../output/streams.js";
import { placeOfNewProject } from "../project/place-of-command.js";
import { type HandlerOptions, specHandlers, specRecords } from "../project/spec-records.js";
import { atPlaces } from "./issues-at-places.js";
import { readJsonObject } from "./read-json-object.js";

/** Options of `flow spec add`. */
export interface SpecAddOptions extends HandlerOptions {
  /** Takes the place of the spec's own. */
  readonly key?: string;
  /** Members of the flow's data, before those of the spec. */
  readonly data: readonly string[];
  /** Check the spec, and store nothing. */
  readonly dryRun?: boolean;
}

/** Stores the flow and prints its key. What is wrong with the spec is shown at its place, types without handlers, too. */
export async function specAdd(file: string, options: SpecAddOptions): Promise<ExitCode> {
  const { key, cwd } = options;
  const { root } = placeOfNewProject(cwd);
  const data = Object.fromEntries(options.data.map(readMember));
  const handlers = await specHandlers(options);
  const flow = await atPlaces(file, root, async () => {
    const hint =
      'The file holds one object: { "tasks": [{ "taskType": "print", "taskParams": {} }] }. docs/flow-specs.md describes it.';
    // Whatever it is: it is read as a spec.
    const spec = (await readJsonObject(file, { code: "flow-spec-invalid", what: "flow spec", hint })) as FlowSpec;
    // As it is written first: what is wrong has its place there.
    const { data: own } = flowSpecToFlow(spec);
    const made = flowSpecToFlow({ ...spec, ...(key === undefined ? {} : { key }), data: { ...own, ...data } });
    if (handlers) checkTypes(made, handlers);
    return made;
  });
  if (!options.dryRun) await storeFlow(specRecords(options), flow);
  report(flow, options);
  return EXIT.success;
}

/** `name=value`; what is JSON is that, all else a text. */
function readMember(given: string): [string, unknown] {
  const [, name, text] = /^([^=]+)=(.*)$/s.exec(given) ?? [];
  if (name === undefined || text === undefined)
    throw new MillraceError("usage", `--data ${given} gives no value.`, {
      hint: "Write --data name=value; what is JSON is that, all else a text.",
      data: { given },
    });
  try {
    return [name, JSON.parse(text)];
  } catch {
    return [name, text];
  }
}

function report(flow: SpecFlow, { json, dryRun = false }: SpecAddOptions): void {
  if (json) return printJson({ key: flow.key, stored: !dryRun, flow: flow.toJSON() });
  if (!dryRun) return print(flow.key);
  for (const { key, taskType, precursors } of flow.tasks)
    print(`${key} (${taskType})${precursors.length === 0 ? "" : `  waits for ${precursors.join(", ")}`}`);
  say("Nothing was stored.");
}
