/** The table of doc tags: which keyword of JSON Schema each becomes, what it takes, and which schemas it narrows. */
import { FORMATS, type JsonSchema } from "@millrace/core";

/** One tag. */
export interface Constraint {
  readonly keyword: keyof JsonSchema;
  /** What it narrows, for people. */
  readonly of: "number" | "string" | "array" | "object";
  /** What it takes, for people. */
  readonly takes: string;
  /** The value of the keyword; undefined if the text is none. */
  read(text: string): unknown;
  narrows(schema: JsonSchema): boolean;
}

function row(
  keyword: keyof JsonSchema,
  of: Constraint["of"],
  takes: string,
  read: (text: string) => unknown,
): Constraint {
  return {
    keyword,
    of,
    takes,
    read,
    narrows: ({ type }) => type === of || (of === "number" && type === "integer"),
  };
}

const number = (text: string): number | undefined =>
  text !== "" && Number.isFinite(Number(text)) ? Number(text) : undefined;
const count = (text: string): number | undefined => (/^\d+$/.test(text) ? Number(text) : undefined);
const positive = (text: string): number | undefined => {
  const value = number(text);
  return value !== undefined && value > 0 ? value : undefined;
};

function pattern(text: string): string | undefined {
  try {
    new RegExp(text, "u");
    return text === "" ? undefined : text;
  } catch {
    return undefined;
  }
}

/** By tag. */
export const CONSTRAINTS: Readonly<Record<string, Constraint>> = {
  minimum: row("minimum", "number", "a number", number),
  maximum: row("maximum", "number", "a number", number),
  exclusiveMinimum: row("exclusiveMinimum", "number", "a number", number),
  exclusiveMaximum: row("exclusiveMaximum", "number", "a number", number),
  multipleOf: row("multipleOf", "number", "a number above 0", positive),
  asType: row("type", "number", "the word integer", (text) => (text === "integer" ? text : undefined)),
  minLength: row("minLength", "string", "a whole number from 0", count),
  maxLength: row("maxLength", "string", "a whole number from 0", count),
  pattern: row("pattern", "string", "a regular expression", pattern),
  format: row("format", "string", `one of ${Object.keys(FORMATS).join(", ")}`, (text) =>
    Object.hasOwn(FORMATS, text) ? text : undefined,
  ),
  minItems: row("minItems", "array", "a whole number from 0", count),
  maxItems: row("maxItems", "array", "a whole number from 0", count),
  uniqueItems: row("uniqueItems", "array", "nothing, or true", (text) =>
    text === "" || text === "true" ? true : undefined,
  ),
  minProperties: row("minProperties", "object", "a whole number from 0", count),
  maxProperties: row("maxProperties", "object", "a whole number from 0", count),
};
