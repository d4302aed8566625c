/** A value in a few characters, for messages. Never throws. */
import { inspect } from "node:util";
import { anythingRevealed, withoutRevealed } from "../secrets/revealed-text.js";

/** Longest rendering, in characters. */
const MAX_RENDERING = 60;

/** The value as it would stand in TypeScript, cut to 60 characters. */
export function renderValue(value: unknown): string {
  let text: string;
  try {
    text =
      typeof value === "string"
        ? JSON.stringify(value)
        : inspect(value, {
            depth: 1,
            breakLength: Number.POSITIVE_INFINITY,
            maxArrayLength: 5,
            // A secret that is cut is not recognised any more.
            maxStringLength: anythingRevealed() ? Number.POSITIVE_INFINITY : 40,
            customInspect: false,
          });
  } catch {
    text = `an unreadable ${typeof value}`;
  }
  text = withoutRevealed(text);
  return text.length <= MAX_RENDERING ? text : `${text.slice(0, MAX_RENDERING - 1)}…`;
}
