/** What a flow does to values between its calls, as far as it is data: literals, parts of parameters and results, and what is put together of those. */
import { type JobParam, parsePath } from "@millrace/core";

/** A value of the body, as a job graph has it. */
export type Glue = JobParam;

/** The part of a value; undefined if no job graph can say it. A part that a known value lacks is there, and undefined. */
export function partOf(glue: Glue, segment: string): Glue | undefined {
  // In a template a blank or a brace would end the reference.
  if (parsePath(segment)?.length !== 1 || /[\s{}]/.test(segment)) return undefined;
  if ("from" in glue) return { from: glue.from, path: glue.path === undefined ? segment : `${glue.path}.${segment}` };
  if ("list" in glue)
    return segment === "length" ? { value: glue.list.length } : (glue.list[Number(segment)] ?? { value: undefined });
  if ("fields" in glue) return Object.hasOwn(glue.fields, segment) ? glue.fields[segment] : { value: undefined };
  if ("template" in glue) return undefined;
  const { value } = glue;
  if (value === null || value === undefined) return undefined;
  // Texts have a length, too.
  const holder = Object(value) as Readonly<Record<string, unknown>>;
  return Object.hasOwn(holder, segment) ? { value: holder[segment] } : { value: undefined };
}

/** A list; a known value if all of it is known. */
export function listOf(items: readonly Glue[]): Glue {
  return items.every((item) => "value" in item) ? { value: items.map(({ value }) => value) } : { list: items };
}

/** An object, likewise. Properties that are undefined are left out: JSON has none. */
export function objectOf(properties: ReadonlyMap<string, Glue>): Glue {
  const given = [...properties].filter(([, glue]) => !("value" in glue && glue.value === undefined));
  const values = given.flatMap(([name, glue]) => ("value" in glue ? [[name, glue.value] as const] : []));
  if (values.length === given.length) return { value: Object.fromEntries(values) };
  return { fields: Object.fromEntries(given) };
}

/** A text with values in it; undefined if one cannot stand there. */
export function textOf(parts: readonly (string | Glue)[]): Glue | undefined {
  let template = "";
  let isText = true;
  for (const part of parts) {
    if (typeof part === "string") template += escaped(part);
    else if ("value" in part && isScalar(part.value)) template += escaped(String(part.value));
    else if ("from" in part) {
      // A dollar right before a reference would make it a text.
      if (template.endsWith("$")) return undefined;
      isText = false;
      template += `\${{ ${part.path === undefined ? part.from : `${part.from}.${part.path}`} }}`;
    } else if ("template" in part && !template.endsWith("$")) {
      isText = false;
      template += part.template;
    } else return undefined;
  }
  return isText ? { value: template.replaceAll("$${{", () => "${{") } : { template };
}

/** Properties of an object by name; undefined if the value is none, or known only when it is there. */
export function propertiesOf(glue: Glue): ReadonlyMap<string, Glue> | undefined {
  if ("fields" in glue) return new Map(Object.entries(glue.fields));
  if (!("value" in glue) || typeof glue.value !== "object" || glue.value === null || Array.isArray(glue.value))
    return undefined;
  return new Map(Object.entries(glue.value).map(([name, value]) => [name, { value: value as unknown }]));
}

function escaped(text: string): string {
  return text.replaceAll("${{", () => "$${{");
}

function isScalar(value: unknown): boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}
