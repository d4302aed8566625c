/** Text of log lines: the length limit, and lines put together from raw output. */

/** Longest text of one log event, UTF-16 units. */
export const MAX_LOG_TEXT: number = 64 * 1024;

/** Cuts a text that is too long and says so. */
export function capLogText(text: string): string {
  if (text.length <= MAX_LOG_TEXT) return text;
  return `${text.slice(0, MAX_LOG_TEXT)}… [cut: ${MAX_LOG_TEXT} of ${text.length} characters]`;
}

/** Puts lines together from writes that end anywhere. Several whole lines of one write stay one text. */
export class LineAssembler {
  #rest = "";

  /** Takes a write; gives everything up to its last line break, without that break, if there is one. */
  add(text: string): string | undefined {
    const all = this.#rest + text;
    const end = all.lastIndexOf("\n");
    if (end < 0 && all.length < MAX_LOG_TEXT) {
      this.#rest = all;
      return undefined;
    }
    this.#rest = end < 0 ? "" : all.slice(end + 1);
    return end < 0 ? all : all.slice(0, end);
  }

  /** What has not been ended by a line break; undefined if nothing. */
  take(): string | undefined {
    const rest = this.#rest;
    this.#rest = "";
    return rest === "" ? undefined : rest;
  }
}
