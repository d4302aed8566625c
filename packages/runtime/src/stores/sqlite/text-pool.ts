/** One string for equal ones: rows of a run repeat the names of its code, and whoever holds many facts would hold each name as often. */

/** More different names than code has: what comes after so many is something else, and is not worth holding. */
const MOST = 4_096;

/** The strings met so far. */
export class TextPool {
  readonly #texts = new Map<string, string>();

  /** The string that was met first of those that are equal to this one. */
  one(text: string): string {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    if (this.#texts.size === MOST) this.#texts.clear();
    this.#texts.set(text, text);
    return text;
  }
}
