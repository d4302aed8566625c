/** A few lines of source with the culprit underlined. Pure text; called by render-diagnostic. */
import type { Span } from "./diagnostic.js";

/** How a frame is drawn. */
export interface CodeFrameOptions {
  /** Lines shown before and after. */
  readonly context: number;
  /** Sign under the culprit: `^` for the primary span, `-` for related ones. */
  readonly mark: "^" | "-";
  /** Written after the marks. */
  readonly label?: string;
  /** Applied to marks and label. */
  readonly paint: (text: string) => string;
  /** Applied to the gutter. */
  readonly dim: (text: string) => string;
}

const TAB = "    ";

/** The frame of a span, lines joined by newlines; empty if the text has no such line. */
export function codeFrame(text: string, span: Span, options: CodeFrameOptions): string {
  const lines = text.split(/\r?\n/);
  const first = Math.max(1, span.line - options.context);
  const last = Math.min(lines.length, span.line + options.context);
  if (span.line > lines.length) return "";
  const width = String(last).length;
  const gutter = (number: string): string => options.dim(`${number.padStart(width)} |`);
  const frame: string[] = [];
  for (let number = first; number <= last; number += 1) {
    const line = lines[number - 1] ?? "";
    frame.push(`${gutter(String(number))} ${expand(line)}`.trimEnd());
    if (number === span.line) frame.push(`${gutter("")} ${options.paint(marks(line, span, options))}`);
  }
  return frame.join("\n");
}

function marks(line: string, span: Span, { mark, label }: CodeFrameOptions): string {
  // A span over several lines is marked to the end of its first.
  const end = span.endLine === span.line ? span.endColumn - 1 : line.trimEnd().length;
  const before = expand(line.slice(0, span.column - 1));
  const length = Math.max(1, expand(line.slice(span.column - 1, end)).length);
  return `${" ".repeat(before.length)}${mark.repeat(length)}${label ? ` ${label}` : ""}`;
}

function expand(line: string): string {
  return line.replaceAll("\t", TAB);
}
