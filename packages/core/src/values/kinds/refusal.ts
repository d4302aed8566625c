/** What a processor of a kind throws for a value that cannot be sent; the walk adds the path and makes it an error. */
/** A refusal without the path, which only the walk knows. */
export class Refusal {
  /** Goes on after the path. */
  readonly what: string;
  /** What to do. */
  readonly remedy: string;
  /** Path below the value. */
  readonly below: string;
  constructor(what: string, remedy: string, below = "") {
    this.what = what;
    this.remedy = remedy;
    this.below = below;
  }
}
