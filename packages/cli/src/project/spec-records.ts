/** The stored flows that a command works on, and what ticks them: by its options, else by `millrace.specs` of the package.json. */
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import {
  errorSummary,
  isObject,
  MillraceError,
  readNamePattern,
  readSettings,
  type SpecSetting,
  STATE_PATHS,
  suggestName,
} from "@millrace/core";
import {
  type FlowRecord,
  FolderRecords,
  flowFromJson,
  recordOf,
  type SpecFlow,
  type TickOptions,
} from "@millrace/jobs";
import type { CommonOptions } from "../commands/common-options.js";
import { type CommandPlace, packageJsonOf, placeOfNewProject } from "./place-of-command.js";

/** Options of every `flow spec` command. */
export interface SpecOptions extends CommonOptions {
  /** Folder of the records, from the current one. */
  readonly records?: string;
}

/** Options of those that look at handlers. */
export interface HandlerOptions extends SpecOptions {
  /** Module with handlers, from the current folder. */
  readonly handlers?: string;
}

/** A stored flow. */
export interface StoredSpec {
  readonly flow: SpecFlow;
  readonly record: FlowRecord;
}

/** What a selector looks at. */
export type SelectFlow = (flow: SpecFlow) => boolean;

/** The records. */
export function specRecords({ cwd, records }: SpecOptions): FolderRecords {
  const place = placeOfNewProject(cwd);
  if (records !== undefined) return new FolderRecords(resolve(records));
  const { records: named } = specSetting(place);
  return new FolderRecords(named === undefined ? join(place.stateDir, STATE_PATHS.flows) : resolve(place.root, named));
}

/** Handlers and transforms; undefined if nobody names a module of them. @throws MillraceError `module-failed`. */
export async function specHandlers({ cwd, handlers }: HandlerOptions): Promise<TickOptions | undefined> {
  const place = placeOfNewProject(cwd);
  const named = specSetting(place).handlers;
  const file = handlers === undefined ? named && resolve(place.root, named) : resolve(handlers);
  if (file === undefined) return undefined;
  let given: object;
  try {
    const loaded: object = await import(pathToFileURL(file).href);
    given = "default" in loaded && isObject(loaded.default) ? loaded.default : loaded;
  } catch (cause) {
    throw failed(file, `failed on import: ${errorSummary(cause).message}`, cause);
  }
  const members = Object.entries(given).filter(([name]) => name === "handlers" || name === "transforms");
  const wrong = members.find(([, value]) => !isObject(value))?.[0];
  if (wrong !== undefined || members.length === 0)
    throw failed(file, `exports no ${wrong ?? "handlers"}: an object of functions by name`);
  // Objects, by name. What is no handler in them is found when a flow asks for it.
  return Object.fromEntries(members) as TickOptions;
}

/** The stored flows that any of the selectors means, all if there is none, by keys; and those whose records cannot be read. */
export async function selectSpecs(
  records: FolderRecords,
  selectors: readonly string[],
): Promise<{
  readonly chosen: readonly StoredSpec[];
  readonly damaged: readonly { readonly key: string; readonly reason: string }[];
}> {
  const isMeant = readSelectors(selectors);
  const chosen: StoredSpec[] = [];
  const damaged: { key: string; reason: string }[] = [];
  for (const key of await records.keys()) {
    try {
      const record = await recordOf(records, key);
      const flow = record && flowFromJson(record.flow);
      if (flow && isMeant(flow)) chosen.push({ flow, record });
    } catch (error) {
      damaged.push({ key, reason: errorSummary(error).message });
    }
  }
  return { chosen, damaged };
}

/**
 * Selectors: a key, a pattern with `*` and `?`, an expression between slashes, `status:FAILED`, `label:night*`.
 * @throws MillraceError `usage`.
 */
export function readSelectors(selectors: readonly string[]): SelectFlow {
  if (selectors.length === 0) return () => true;
  const any = selectors.map(readSelector);
  return (flow) => any.some((isMeant) => isMeant(flow));
}

/** A key that is written out is meant to be there. @throws MillraceError `unknown-flow`. */
export async function refuseUnknown(records: FolderRecords, selectors: readonly string[]): Promise<void> {
  const keys = selectors.filter((text) => !/^(?:status|label):|[*?]|^\/.+\/[a-z]*$/s.test(text));
  if (keys.length === 0) return;
  const known = await records.keys();
  const stranger = keys.find((key) => !known.includes(key));
  if (stranger !== undefined) throw unknownSpec(stranger, known);
}

/** That no flow has the key. */
export function unknownSpec(key: string, known: readonly string[]): MillraceError {
  return new MillraceError("unknown-flow", `No flow "${key}" is stored.`, {
    hint: suggestName(key, known, "`flow spec list` shows those that are."),
    data: { key, known },
  });
}

const STATUSES = ["PENDING", "RUNNING", "COMPLETED", "FAILED"];

function readSelector(text: string): SelectFlow {
  const [, field, rest = ""] = /^(status|label):(.*)$/s.exec(text) ?? [];
  const matches = readNamePattern(field === undefined ? text : rest, "flows");
  if (field === "label") return ({ label }) => matches(label);
  if (field === undefined) return ({ key }) => matches(key);
  const status = rest.toUpperCase();
  if (STATUSES.includes(status)) return (flow) => flow.status === status;
  throw new MillraceError("usage", `"${text}" selects no flows: there is no such status.`, {
    hint: suggestName(status, STATUSES, `There are ${STATUSES.join(", ")}.`),
    data: { selector: text },
  });
}

function specSetting(place: CommandPlace): SpecSetting {
  return readSettings(packageJsonOf(place), join(place.root, "package.json")).specs ?? {};
}

function failed(file: string, what: string, cause?: unknown): MillraceError {
  return new MillraceError("module-failed", `The module of handlers ${file} ${what}.`, {
    hint: "It looks like this: export const handlers = { greet: ({ params, data }) => { data.greeted = params.name; } };",
    data: { file },
    cause,
  });
}
