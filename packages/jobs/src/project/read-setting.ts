/**
 * One setting as a command gives it: a name with a type before it, and a text.
 *
 *   int:threads 4      reference.genome 38  →  { reference: { genome: "38" } }      file:json:samples samples.json
 */
import { MillraceError, suggestName } from "@millrace/core";
import { parse } from "yaml";
import type { Settings } from "./layer-settings.js";
import { readTable } from "./read-table.js";

/** Type → what a text is by it; undefined, or an exception, for what it is not. */
const TYPES: Readonly<Record<string, (text: string) => unknown>> = {
  str: (text) => text,
  int: (text) => (/^[+-]?\d+$/.test(text.trim()) && Number.isSafeInteger(Number(text)) ? Number(text) : undefined),
  float: (text) => (text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : undefined),
  bool: (text) => (/^(?:true|false)$/.test(text.trim()) ? text.trim() === "true" : undefined),
  json: (text) => JSON.parse(text),
  yaml: (text) => parse(text),
  csv: (text) => readTable(text, ","),
  tsv: (text) => readTable(text, "\t"),
  txt: (text) => text.split(/\r?\n/).filter((line) => line !== ""),
};

/** What settings from files need. */
export interface SettingFiles {
  /** The text of a file. Whatever it throws becomes the cause of a `setting-invalid`. */
  readonly read: (path: string) => string;
}

/**
 * Reads `[file:][type:]name` and its text; without a type it is `str`. Dots in a name lead into mappings.
 * @throws MillraceError `setting-invalid` for an unknown type, a text that is not of its type, and a file that cannot be read.
 */
export function readSetting(key: string, text: string, { read }: SettingFiles): Settings {
  const [name = "", type = "str", from, ...more] = key.split(":").reverse();
  const segments = name.split(".");
  if (segments.includes("")) throw invalid(key, `"${name}" is no name of a setting`);
  if (more.length > 0 || (from !== undefined && from !== "file"))
    throw invalid(key, "only `file` can stand before a type");
  const parseText = Object.hasOwn(TYPES, type) ? TYPES[type] : undefined;
  if (!parseText)
    throw invalid(
      key,
      `there is no type "${type}"`,
      suggestName(type, Object.keys(TYPES), `Types are ${Object.keys(TYPES).join(", ")}.`),
    );
  const content = from === undefined ? text : attempt(key, `${text} cannot be read`, () => read(text));
  const where = from === undefined ? JSON.stringify(text) : text;
  const value = attempt(key, `${where} is no ${type}`, () => parseText(content));
  if (value === undefined) throw invalid(key, `${where} is no ${type}`);
  return segments.reduceRight<unknown>((inner, segment) => Object.fromEntries([[segment, inner]]), value) as Settings;
}

function attempt<T>(key: string, otherwise: string, act: () => T): T {
  try {
    return act();
  } catch (cause) {
    const why = cause instanceof Error ? `${otherwise}: ${cause.message}` : otherwise;
    throw invalid(key, why, undefined, cause);
  }
}

function invalid(
  key: string,
  why: string,
  hint = "Write [file:][type:]name and its value: int:threads 4.",
  cause?: unknown,
): MillraceError {
  return new MillraceError("setting-invalid", `The setting ${key} cannot be used: ${why}.`, {
    hint,
    data: { setting: key },
    ...(cause === undefined ? {} : { cause }),
  });
}
