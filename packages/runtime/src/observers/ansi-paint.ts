/** Colours for the console observer: six ANSI attributes, or none. */
import type { Paint } from "@millrace/core";

const sgr =
  (open: number, close: number) =>
  (text: string): string =>
    `\u001b[${open}m${text}\u001b[${close}m`;

const COLOURS: Paint = {
  red: sgr(31, 39),
  green: sgr(32, 39),
  yellow: sgr(33, 39),
  cyan: sgr(36, 39),
  dim: sgr(2, 22),
  bold: sgr(1, 22),
};

const PLAIN: Paint = { red: String, green: String, yellow: String, cyan: String, dim: String, bold: String };

/** ANSI colours, or text as it is. */
export function ansiPaint(enabled: boolean): Paint {
  return enabled ? COLOURS : PLAIN;
}
