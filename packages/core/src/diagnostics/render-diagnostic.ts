/** Diagnostics as text for a terminal: sentence, code frames, remedy. Pure; the command line reads files and prints. */
import { codeFrame } from "./code-frame.js";
import { compareDiagnostics, type Diagnostic } from "./diagnostic.js";
import type { Severity } from "./diagnostic-codes.js";

/** How diagnostics are written. */
export interface RenderOptions {
  /** Use ANSI colours. */
  readonly color: boolean;
  /** Text of other files, for frames of related spans; undefined where it cannot be read. */
  readonly sourceOf?: (file: string) => string | undefined;
}

type Style = "red" | "yellow" | "cyan" | "dim" | "bold";

const ANSI: Readonly<Record<Style, readonly [number, number]>> = {
  red: [31, 39],
  yellow: [33, 39],
  cyan: [36, 39],
  dim: [2, 22],
  bold: [1, 22],
};

const COLOR: Readonly<Record<Severity, Style>> = { error: "red", warning: "yellow", hint: "cyan" };

/**
 * One diagnostic:
 *
 *   src/report.ts:12:27 error param-missing
 *   Parameter "city" of FetchForecast is missing.
 *
 *   12 |     await this.call(FetchForecast, { days: 1 });
 *      |                                    ^^^^^^^^^^^
 *   hint: Add city: string, or give the field a default.
 *
 * `sourceText` is the text of the primary span's file; without it there is no frame. No final newline.
 */
export function renderDiagnostic(
  diagnostic: Diagnostic,
  sourceText: string | undefined,
  options: RenderOptions,
): string {
  const paint = (style: Style, text: string): string => {
    const [open, close] = ANSI[style];
    return options.color ? `\u001b[${open}m${text}\u001b[${close}m` : text;
  };
  const { code, severity, message, span, related, hint } = diagnostic;
  const accent = COLOR[severity];
  const dim = (text: string): string => paint("dim", text);
  const place = `${span.file}:${span.line}:${span.column}`;
  const parts = [`${paint("bold", place)} ${paint(accent, severity)} ${dim(code)}`, message];
  const frame =
    sourceText && codeFrame(sourceText, span, { context: 1, mark: "^", paint: (text) => paint(accent, text), dim });
  if (frame) parts.push("", frame);
  for (const other of related) {
    const where = `${other.span.file}:${other.span.line}:${other.span.column}`;
    const text = other.span.file === span.file ? sourceText : options.sourceOf?.(other.span.file);
    const inner =
      text &&
      codeFrame(text, other.span, { context: 0, mark: "-", label: other.message, paint: (t) => paint("cyan", t), dim });
    parts.push(inner ? `${dim(where)}\n${inner}` : `${dim(where)} ${other.message}`);
  }
  if (hint) parts.push(`${paint("cyan", "hint:")} ${hint}`);
  return parts.join("\n");
}

/**
 * All diagnostics in order, an empty line between them; empty text for none. `sources` holds file texts by the spans'
 * paths: those of primary and related spans, as far as they could be read.
 */
export function renderDiagnostics(
  diagnostics: readonly Diagnostic[],
  sources: ReadonlyMap<string, string>,
  options: Pick<RenderOptions, "color">,
): string {
  const sourceOf = (file: string): string | undefined => sources.get(file);
  return [...diagnostics]
    .sort(compareDiagnostics)
    .map((diagnostic) => renderDiagnostic(diagnostic, sourceOf(diagnostic.span.file), { ...options, sourceOf }))
    .join("\n\n");
}
