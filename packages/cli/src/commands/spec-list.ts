/** `flow spec list`, `flow spec show` and `flow spec rm`: stored flows, looked at and removed. */
import { EXIT, type ExitCode, formatCount, isMillraceError } from "@millrace/core";
import { type FolderRecords, flowFromJson, recordOf, removeFlow } from "@millrace/jobs";
import { holderOf, specDocument, specsTable, specTasksTable, statusText } from "../output/spec-text.js";
import { colorsFor, print, printJson, say } from "../output/streams.js";
import {
  refuseUnknown,
  type SpecOptions,
  type StoredSpec,
  selectSpecs,
  specRecords,
  unknownSpec,
} from "../project/spec-records.js";

/** Lists the flows that are meant. */
export async function specList(selectors: readonly string[], options: SpecOptions): Promise<ExitCode> {
  const { chosen, damaged } = await selectSpecs(specRecords(options), selectors);
  if (options.json) printJson({ flows: chosen.map(specDocument), damaged });
  else {
    warn(damaged);
    if (chosen.length > 0) print(specsTable(chosen, colorsFor(process.stdout), process.stdout.columns).join("\n"));
    else say(selectors.length > 0 ? "No flow is meant." : "No flow is stored. Store one with `flow spec add <file>`.");
  }
  return EXIT.success;
}

/** Shows one flow with its tasks and data. @throws MillraceError `unknown-flow`. */
export async function specShow(key: string, options: SpecOptions): Promise<ExitCode> {
  const stored = await specNamed(specRecords(options), key);
  const { flow, record } = stored;
  if (options.json) {
    printJson(record);
    return EXIT.success;
  }
  const colors = colorsFor(process.stdout);
  const holder = holderOf(stored, Date.now());
  print(
    `${flow.key}${flow.label === flow.key ? "" : ` (${flow.label})`}: ${statusText(flow.status, colors)} after ${formatCount(flow.ticks, "tick")}${holder === undefined ? "" : `, ticked by ${holder}`}`,
  );
  print(`\n${specTasksTable(stored, colors, process.stdout.columns).join("\n")}`);
  if (Object.keys(flow.data).length > 0) print(`\n${JSON.stringify(flow.data, null, 2)}`);
  for (const { task, message } of flow.errors) print(`\n${colors.red(task)}: ${message}`);
  return EXIT.success;
}

/** Removes the flows that are meant, over or not. Those that a runner ticks stay, which is exit code 1. */
export async function specRemove(
  selectors: readonly string[],
  options: SpecOptions & { readonly dryRun?: boolean },
): Promise<ExitCode> {
  const records = specRecords(options);
  await refuseUnknown(records, selectors);
  const { chosen, damaged } = await selectSpecs(records, selectors);
  // A key that is written out may be that of a record which nobody can read.
  const broken = new Set(damaged.map(({ key }) => key).filter((key) => selectors.includes(key)));
  const meant = [...chosen.map(({ flow }) => flow.key), ...broken];
  const [removed, kept]: [string[], { key: string; reason: string }[]] = [[], []];
  for (const key of options.dryRun ? [] : meant) {
    try {
      await (broken.has(key) ? records.remove(key) : removeFlow(records, key));
      removed.push(key);
    } catch (error) {
      if (!isMillraceError(error) || error.code !== "flow-claimed") throw error;
      kept.push({ key, reason: error.message });
    }
  }
  if (options.json) printJson({ meant, removed, kept });
  else {
    for (const key of options.dryRun ? meant : removed) print(`${options.dryRun ? "would remove" : "removed"} ${key}`);
    for (const { reason } of kept) say(`kept: ${reason}`);
    if (meant.length === 0) say("No flow is meant.");
  }
  return kept.length === 0 ? EXIT.success : EXIT.failure;
}

async function specNamed(records: FolderRecords, key: string): Promise<StoredSpec> {
  const record = await recordOf(records, key);
  if (record) return { flow: flowFromJson(record.flow), record };
  throw unknownSpec(key, await records.keys());
}

function warn(damaged: readonly { readonly key: string; readonly reason: string }[]): void {
  for (const { key, reason } of damaged) say(`warning: ${key} cannot be read: ${reason}`);
}
