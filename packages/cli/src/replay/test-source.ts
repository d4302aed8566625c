/** A recorded call as a file for Vitest: the task with what it was given, and what came of it then. */
import { dirname, relative, sep } from "node:path";
import { errorSummary, type TaskEntry } from "@millrace/core";
import type { RecordedCall } from "./recorded-call.js";
import { valueSource } from "./value-source.js";

/** Where the file and the module of the task lie, absolute. */
export interface TestPlace {
  readonly file: string;
  readonly module: string;
}

/** @throws MillraceError `usage` if the parameters cannot be written down. */
export function testSource(call: RecordedCall, task: TaskEntry, place: TestPlace): string {
  const { exportName, id } = task;
  const name = exportName === "default" ? task.className : exportName;
  const title = `${id}, as ${call.label} of run ${call.run}`;
  const params = valueSource(call.params, "params");
  const result = "value" in call.ended ? resultLine(call.ended.value) : errorLine(call.ended.error);
  const taken = [...new Set([...params.imports, ...result.imports])];
  const lines = [
    ...(taken.length === 0 ? [] : [`import { ${taken.join(", ")} } from "millrace";`]),
    `import { openTestEngine } from "millrace/testing";`,
    `import { expect, test } from "vitest";`,
    `import ${exportName === "default" ? name : `{ ${name} }`} from ${JSON.stringify(specifier(place))};`,
    "",
    `test(${JSON.stringify(title)}, async () => {`,
    "  await using engine = await openTestEngine();",
    `  const result = engine.runTask(${name}${params.text === "{}" ? "" : `, ${indented(params.text)}`});`,
    `  ${indented(result.text)}`,
    "});",
    "",
  ];
  return lines.join("\n");
}

function resultLine(value: unknown): { readonly text: string; readonly imports: Iterable<string> } {
  const { text, imports } = valueSource(value, "result");
  return { text: `expect(await result).toEqual(${text});`, imports };
}

/** What failed then may be right by now: whoever mends it says so here. */
function errorLine(error: unknown): { readonly text: string; readonly imports: Iterable<string> } {
  return { text: `await expect(result).rejects.toThrow(${JSON.stringify(errorSummary(error).message)});`, imports: [] };
}

function indented(text: string): string {
  return text.replaceAll("\n", "\n  ");
}

/** How the file imports the module: by the name that it has as JavaScript. */
function specifier({ file, module }: TestPlace): string {
  const path = relative(dirname(file), module).split(sep).join("/");
  const compiled = path.replace(/\.([cm]?)tsx?$/, ".$1js");
  return compiled.startsWith(".") ? compiled : `./${compiled}`;
}
