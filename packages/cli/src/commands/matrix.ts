/** `flow matrix <run>`. */
import { EXIT, type ExitCode, type Fact, MillraceError, ruleMatrix } from "@millrace/core";
import { matrixText, treeText } from "../output/matrix-text.js";
import { colorsFor, print, printJson } from "../output/streams.js";
import { placeOfCommand } from "../project/place-of-command.js";
import type { CommonOptions } from "./common-options.js";
import { withStore } from "./open-store.js";
import { noSuchRun, runOrNewest } from "./run-or-newest.js";

/** Options of `flow matrix`. */
export interface MatrixOptions extends CommonOptions {
  /** Each token below the firing that gave it, in place of counts. */
  readonly tree?: boolean;
}

/** Shows which rules of a run produced which. @throws MillraceError `usage` for a run that is none of rules. */
export async function matrix(id: string | undefined, options: MatrixOptions): Promise<ExitCode> {
  const found = await withStore(placeOfCommand(options.cwd), async (store) => {
    const run = runOrNewest(await store.list(), id);
    const facts: Fact[] = [];
    for await (const fact of store.read(run.id)) facts.push(fact);
    return { run, document: ruleMatrix(run.id, facts) };
  });
  if (!found) throw noSuchRun(id, []);
  const { run, document } = found;
  if (!document) {
    throw new MillraceError("usage", `Run ${run.id} is one of ${run.flow}, which is no rule set: it has no matrix.`, {
      hint: `\`flow show ${run.id}\` lists its steps, \`flow graph ${run.id}\` draws what it did.`,
      data: { run: run.id },
    });
  }
  const colors = colorsFor(process.stdout);
  if (options.json) printJson(document);
  else
    print(options.tree ? treeText(document, colors) : matrixText(document, { colors, room: process.stdout.columns }));
  return EXIT.success;
}
