/** Ranges of nodes as the manifest and diagnostics write them. */
import type { Span } from "@millrace/core";
import type { Node, ts } from "ts-morph";

/** Range of a node without leading comments. `file` is the posix path relative to the root. */
export function spanOf(node: Node, file: string): Span {
  return spanBetween(node.getSourceFile().compilerNode, node.getStart(), node.getEnd(), file);
}

/** Range between two offsets of a source file. */
export function spanBetween(source: ts.SourceFile, start: number, end: number, file: string): Span {
  const from = source.getLineAndCharacterOfPosition(start);
  const to = source.getLineAndCharacterOfPosition(end);
  return {
    file,
    line: from.line + 1,
    column: from.character + 1,
    endLine: to.line + 1,
    endColumn: to.character + 1,
  };
}
