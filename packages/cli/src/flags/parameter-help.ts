/** What `flow run <flow> --help` says about the flow's parameters. */
import type { FlowEntry, ParamEntry } from "@millrace/core";
import { type FlagSpec, flagSpecs } from "./flag-spec.js";

/** One row of a help text: what is written, and what it means. */
export interface HelpRow {
  readonly flags: string;
  readonly meaning: string;
  /** Type, whether it is required, default. */
  readonly facts: string;
}

/** A row for each parameter, in order of declaration. */
export function parameterRows(flow: FlowEntry, taken: ReadonlySet<string>): readonly HelpRow[] {
  return [...flagSpecs(flow, taken).values()].map((spec) => ({
    flags: flagsOf(spec),
    meaning: oneLine(spec.entry.doc),
    facts: `${spec.entry.text}, ${needOf(spec.entry)}`,
  }));
}

/** A doc comment on one line. */
export function oneLine(doc: string | undefined): string {
  return (doc ?? "").replace(/\s+/g, " ").trim();
}

function flagsOf(spec: FlagSpec): string {
  if (spec.shadowed) return `--param ${spec.name}=<value>`;
  if (spec.takes === "switch") return `--[no-]${spec.name}`;
  return `--${spec.name} <${placeholder(spec)}>${spec.takes === "list" ? " ..." : ""}`;
}

function placeholder({ schema }: FlagSpec): string {
  const kind = schema["x-millrace-kind"];
  if (kind === "Date") return "date";
  if (kind !== undefined) return kind.toLowerCase();
  if (schema.enum || schema.const !== undefined || schema.anyOf) return "value";
  if (schema.type === "object" || schema.type === "array") return "json";
  return schema.type === "string" ? "text" : schema.type === "integer" ? "number" : (schema.type ?? "value");
}

/** Whether a parameter must be given: `required`, `optional`, or `default 7` with the default as source text. */
export function needOf({ required, default: initial }: ParamEntry): string {
  if (required) return "required";
  if (!initial) return "optional";
  return `default ${"value" in initial ? JSON.stringify(initial.value) : initial.source}`;
}
