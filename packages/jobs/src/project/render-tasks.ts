/** Templates of tasks: Liquid text and settings become the text that buildTasks reads. Nothing of a template is code, and it ends. */
import { formatDuration, MillraceError } from "@millrace/core";
import type { LiquidError } from "liquidjs";
import type { Settings } from "./layer-settings.js";
import type { Place } from "./project-issue.js";
import { type FileHash, templateFilters } from "./template-filters.js";

/** What a template is rendered with. */
export interface RenderOptions {
  /** Its variables. */
  readonly settings?: Settings;
  /** Name of the template, for messages. Default `template`. */
  readonly file?: string;
  /** What it can bring in (`{% include "align" %}`, `{% render "align" %}`), by name. */
  readonly partials?: Readonly<Record<string, string | TemplatePartial>>;
  /** Behind the filter `file_sha256`, which there is not without it. */
  readonly fileHash?: FileHash;
  /** Longest time, ms. Default 60,000. */
  readonly timeMs?: number;
}

/** A text that a template can bring in, with its name for messages. */
export interface TemplatePartial {
  readonly text: string;
  readonly file: string;
}

/** Longest template, and partial; characters. */
const MAX_TEXT = 4_000_000;
/** So many characters and items filters and ranges may make. */
const MAX_MADE = 50_000_000;

/**
 * Renders a template.
 * @throws MillraceError `template-failed` for a variable that there is not, for what is no template, and for one without end: with file,
 * line and column.
 */
export async function renderTasks(
  template: string,
  { settings = {}, file = "template", partials = {}, fileHash, timeMs = 60_000 }: RenderOptions = {},
): Promise<string> {
  const known = Object.entries(partials).map(
    ([name, part]) => [name, typeof part === "string" ? { text: part, file: name } : part] as const,
  );
  const sources = [...known.map(([, part]) => part), { text: template, file }];
  const tooLong = sources.find(({ text }) => text.length > MAX_TEXT);
  if (tooLong)
    throw templateFailed({ file: tooLong.file, line: 1, column: 1 }, `it is longer than ${MAX_TEXT} characters`);
  // Other front ends need not wait for it.
  const { Liquid, LiquidError: Failure } = await import("liquidjs");
  const liquid = new Liquid({
    // Without exceptions for conditions and defaults: a misspelt name there would go unseen. Defaults are the lowest layer of the settings.
    strictVariables: true,
    strictFilters: true,
    // In place of the disk.
    templates: Object.fromEntries(known.map(([name, { text }]) => [name, text])),
    memoryLimit: MAX_MADE,
    renderLimit: timeMs,
  });
  for (const [name, filter] of Object.entries(templateFilters(fileHash))) liquid.registerFilter(name, filter);
  try {
    return String(liquid.renderSync(liquid.parse(template, file), { ...settings }));
  } catch (error) {
    // What has met no part of the template stands for the whole.
    const place = Failure.is(error) ? placeOf(error, sources) : { file, line: 1, column: 1 };
    throw templateFailed(place, whyOf(error, timeMs), error);
  }
}

/** `sources`: every text that the error may stand in, by name. */
function placeOf({ token }: LiquidError, sources: readonly TemplatePartial[]): Place {
  const begin = openingOf(token.input, token.begin);
  const [line, column] = [
    token.input.slice(0, begin).split("\n").length,
    begin - token.input.lastIndexOf("\n", begin - 1),
  ];
  // The library knows the text at fault, not always its name.
  const file = sources.findLast(({ text }) => text === token.input)?.file ?? token.file ?? "template";
  return { file, line, column };
}

/**
 * Where what is at fault begins. In a tag or an output that goes over the end of its line that is its own beginning: most likely it was
 * not closed, and what it has run into is innocent.
 */
function openingOf(text: string, at: number): number {
  const before = text.slice(0, at);
  const closed = Math.max(before.lastIndexOf("}}"), before.lastIndexOf("%}")) + 1;
  const opening = before.slice(closed).search(/\{[{%]/);
  return opening >= 0 && before.includes("\n", closed + opening) ? closed + opening : at;
}

/** What the library says of limits, in words that say which. */
function whyOf(error: unknown, timeMs: number): string {
  const message = error instanceof Error ? error.message : String(error);
  if (message.startsWith("template render limit")) return `it takes longer than ${formatDuration(timeMs)} to render`;
  if (message.startsWith("memory alloc limit")) return `it makes more than ${MAX_MADE} characters and items`;
  if (message.startsWith("Maximum call stack")) return "its parts stand too deep in each other, or bring in themselves";
  return message.split("\n", 1)[0]?.replace(/(?:, file:.*)?, line:\d+, col:\d+$/, "") ?? "";
}

function templateFailed(place: Place, why: string, cause?: unknown): MillraceError {
  const variable = /^undefined variable: (.+)$/.exec(why)?.[1];
  return new MillraceError("template-failed", `${place.file}:${place.line}:${place.column}: ${why}.`, {
    hint:
      variable === undefined
        ? "Templates are Liquid: docs/projects.md."
        : `Give "${variable}" a value in one of the settings' layers: --set ${variable}=…, or a default in settings.yaml.`,
    data: { place, ...(variable === undefined ? {} : { variable }) },
    ...(cause === undefined ? {} : { cause }),
  });
}
