/** How values of options are read; what is wrong with one is said by commander, with the option's name. */
import { suggestName } from "@millrace/core/project";
import { InvalidArgumentError } from "commander";

/** Of an option that can be repeated. */
export function collect(value: string, earlier: readonly string[]): readonly string[] {
  return [...earlier, value];
}

/** A whole number from 1. */
export function wholeNumber(text: string): number {
  const n = Number(text);
  if (!Number.isInteger(n) || n < 1) throw new InvalidArgumentError("It must be a whole number from 1.");
  return n;
}

/** The number of a port. */
export function portNumber(text: string): number {
  const n = Number(text);
  if (/^\d+$/.test(text) && n <= 65_535) return n;
  throw new InvalidArgumentError("It must be a port, 0 to 65535.");
}

/** One of some words. */
export function oneOf(...choices: readonly string[]): (text: string) => string {
  return (text) => {
    if (choices.includes(text)) return text;
    throw new InvalidArgumentError(suggestName(text, choices, `It must be ${choices.join(" or ")}.`));
  };
}

/** Forms of pictures. */
export const PICTURES: readonly string[] = ["mermaid", "dot", "svg", "html", "json"];
