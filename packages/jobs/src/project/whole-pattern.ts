/** A regular expression of a directive: it means whole texts, of any lines. Its syntax has been checked. */
export function wholePattern(source: string): RegExp {
  return new RegExp(`^(?:${source})$`, "s");
}
