/** What a command under test has left: exit code, signal and everything that it printed. */
import { MillraceError } from "@millrace/core";

/** A command that has ended. */
export interface FinishedCommand {
  /** Exit code; null if a signal ended it. */
  readonly code: number | null;
  /** The signal that ended it; null if it ended by itself. */
  readonly signal: NodeJS.Signals | null;
  /** Standard output, whole. */
  readonly stdout: string;
  /** Standard error, whole. */
  readonly stderr: string;
  /**
   * Standard output as one JSON document; the caller says what it holds.
   * @throws MillraceError `output-unexpected` if it is none, with what was printed.
   */
  json<T = unknown>(): T;
}

/** Longest piece of each stream that a message shows, characters. */
const SHOWN_CHARS = 4_000;

/** A finished command that can read its own output. */
export function finishedCommand(name: string, end: Omit<FinishedCommand, "json">): FinishedCommand {
  return {
    ...end,
    json<T>() {
      try {
        // Safe as far as the caller's word goes: it names the type of a document that it asked for.
        return JSON.parse(end.stdout) as T;
      } catch (cause) {
        throw new MillraceError("output-unexpected", `${name} printed no JSON document.\n${printed(end)}`, { cause });
      }
    },
  };
}

/** Both streams for a message: their ends, where they are long. */
export function printed({ stdout, stderr }: Pick<FinishedCommand, "stdout" | "stderr">): string {
  return [section("stdout", stdout), section("stderr", stderr)].join("\n");
}

function section(name: string, text: string): string {
  if (text === "") return `${name}: nothing`;
  const cut = text.length - SHOWN_CHARS;
  return `${name}:\n${cut > 0 ? `[${cut} characters before] ` : ""}${text.slice(-SHOWN_CHARS)}`;
}
