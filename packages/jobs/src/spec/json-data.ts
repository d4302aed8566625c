/** What is JSON, and what is not: flows are JSON between ticks. */
import { jsonImage } from "@millrace/core";
import type { Data } from "./flow-spec.js";

/** Deeper than any data that is meant, and far from where looking through it ends a process. */
const MAX_NESTING = 500;

/** True for an object that is neither a list nor null. */
export function isRecord(value: unknown): value is Data {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * The first place in a value that JSON would lose or change, as the end of a sentence; undefined if there is none.
 * @param at Path of the value, for the sentence.
 */
export function notJson(value: unknown, at: string, above: readonly unknown[] = []): string | undefined {
  switch (typeof value) {
    case "string":
    case "boolean":
      return undefined;
    case "number":
      return Number.isFinite(value) ? undefined : `${at} is ${value}`;
    case "object":
      break;
    default:
      return `${at} is ${typeof value === "undefined" ? "undefined" : `a ${typeof value}`}`;
  }
  if (value === null) return undefined;
  if (above.includes(value)) return `${at} holds itself`;
  if (above.length === MAX_NESTING) return `${at.slice(0, 40)}… is nested deeper than ${MAX_NESTING}`;
  const inside = [...above, value];
  if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) {
      const found = notJson(item, `${at}[${i}]`, inside);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return `${at} is a ${value.constructor.name}`;
  for (const [name, member] of Object.entries(value)) {
    // Assigned to another object it would be that one's prototype.
    if (name === "__proto__") return `${at} has a member named __proto__`;
    const found = notJson(member, `${at}.${name}`, inside);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A copy of data that may be no JSON, as the nearest that is; nothing, if it cannot be read. */
export function jsonOnly(data: Data): Data {
  try {
    if (notJson(data, "it") === undefined) return structuredClone(data);
    const image = JSON.parse(JSON.stringify(jsonImage(data)), (name, value) =>
      name === "__proto__" ? undefined : value,
    ) as Data;
    return notJson(image, "it") === undefined ? image : {};
  } catch {
    return {};
  }
}

/** A value in a sentence, cut where it is long. */
export function shown(value: unknown): string {
  if (value === undefined) return "left out";
  if (typeof value === "object" && value !== null) return Array.isArray(value) ? "a list" : "an object";
  const text = JSON.stringify(value) ?? typeof value;
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
