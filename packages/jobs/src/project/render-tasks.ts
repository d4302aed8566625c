/** Templates of tasks: Liquid text and settings become the text that buildTasks reads. Nothing of a template is code, and it reaches no files. */
import { MillraceError } from "@millrace/core";
import type { LiquidError } from "liquidjs";
import type { Settings } from "./layer-settings.js";

/** What a template is rendered with. */
export interface RenderOptions {
  /** Its variables. */
  readonly settings?: Settings;
  /** Name of the template, for messages. Default `template`. */
  readonly file?: string;
  /** What it can bring in (`{% include "align" %}`, `{% render "align" %}`), by name. */
  readonly partials?: Readonly<Record<string, string>>;
}

/**
 * Renders a template.
 * @throws MillraceError `template-failed` for a variable that there is not, and for what is no template: with file, line and column.
 */
export async function renderTasks(
  template: string,
  { settings = {}, file = "template", partials = {} }: RenderOptions = {},
): Promise<string> {
  // Other front ends need not wait for it.
  const { Liquid, LiquidError: Failure } = await import("liquidjs");
  const liquid = new Liquid({
    // Without exceptions for conditions and defaults: a misspelt name there would go unseen. Defaults are the lowest layer of the settings.
    strictVariables: true,
    strictFilters: true,
    // In place of the disk.
    templates: { ...partials },
  });
  try {
    return String(liquid.renderSync(liquid.parse(template, file), { ...settings }));
  } catch (error) {
    if (!Failure.is(error)) throw error;
    throw templateFailed(error, { ...partials, [file]: template });
  }
}

/** `sources`: every text that the error may stand in, by name. */
function templateFailed(error: LiquidError, sources: Readonly<Record<string, string>>): MillraceError {
  const { input } = error.token;
  const [line = 1, column = 1] = error.token.getPosition();
  // The library knows the text at fault, not always its name.
  const file = Object.keys(sources).findLast((name) => sources[name] === input) ?? error.token.file ?? "template";
  const why = error.message.split("\n", 1)[0]?.replace(/(?:, file:.*)?, line:\d+, col:\d+$/, "") ?? "";
  const variable = /^undefined variable: (.+)$/.exec(why)?.[1];
  return new MillraceError("template-failed", `${file}:${line}:${column}: ${why}.`, {
    hint:
      variable === undefined
        ? "Templates are Liquid: docs/projects.md."
        : `Give "${variable}" a value, or a default in the lowest layer of the settings.`,
    data: { place: { file, line, column }, ...(variable === undefined ? {} : { variable }) },
    cause: error,
  });
}
