/** A log line as text: what the console, the progress display and `flow logs` print. */
import type { LogLevel } from "../ports/executor.js";
import { stepLabel } from "../run/step-label.js";
import type { LogLine } from "./log-line.js";

/** Colours of text; identity functions where there are none. */
export interface Paint {
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  cyan(text: string): string;
  dim(text: string): string;
  bold(text: string): string;
}

const LEVELS: Readonly<Record<LogLevel, { readonly word: string; readonly colour: keyof Paint }>> = {
  debug: { word: "debug", colour: "dim" },
  info: { word: "info ", colour: "green" },
  warn: { word: "warn ", colour: "yellow" },
  error: { word: "error", colour: "red" },
};

/** How a line is shown. */
export interface LogLineStyle {
  readonly paint: Paint;
  /** Who speaks in lines that belong to no step: the flow's id. */
  readonly speaker: string;
  /** Also the stack, indented below. Default false. */
  readonly stack?: boolean;
}

/** `12:04:31.120 info  FetchForecast[Oslo] asking for Oslo`, in local time, without a line end. */
export function formatLogLine(line: LogLine, { paint, speaker, stack = false }: LogLineStyle): string {
  const { word, colour } = LEVELS[line.level];
  const who = line.key === undefined ? speaker : stepLabel({ key: line.key, node: line.node ?? line.key });
  const below = stack && line.stack ? `\n${paint.dim(framesOf(line.stack))}` : "";
  return `${paint.dim(clockTime(line.at))} ${paint[colour](word)} ${paint.cyan(who)} ${line.text}${below}`;
}

/** Time of day, local, with milliseconds. */
export function clockTime(at: number): string {
  const time = new Date(at);
  const pad = (n: number, width = 2): string => String(n).padStart(width, "0");
  return `${pad(time.getHours())}:${pad(time.getMinutes())}:${pad(time.getSeconds())}.${pad(time.getMilliseconds(), 3)}`;
}

/** The text already names the error: only the frames follow. */
function framesOf(stack: string): string {
  const frames = stack.split("\n").filter((l) => /^\s+at /.test(l));
  return frames.map((l) => `    ${l.trim()}`).join("\n");
}
