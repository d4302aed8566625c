/** Syntax errors of project files: nothing can be said about a file before it parses. Run before every other check. */
import type { Diagnostic } from "@millrace/core";
import { ts } from "ts-morph";
import type { ProjectModel } from "../project/model.js";
import { spanBetween } from "../project/span-of.js";

/** The first syntax error of each file: what follows it is most often its consequence. */
export function syntaxErrors(model: ProjectModel): readonly Diagnostic[] {
  const program = model.project.getProgram().compilerObject;
  return model.files.flatMap((file) =>
    program
      .getSyntacticDiagnostics(file.compilerNode)
      .slice(0, 1)
      .map((found): Diagnostic => {
        const text = ts.flattenDiagnosticMessageText(found.messageText, " ");
        const span = spanBetween(found.file, found.start, found.start + found.length, model.sourceOf(file));
        const hint = "Correct the syntax; the rest of the project is checked once every file parses.";
        return {
          code: "syntax-error",
          severity: "error",
          message: text,
          span,
          related: [],
          hint,
          data: { typescript: found.code },
        };
      }),
  );
}
