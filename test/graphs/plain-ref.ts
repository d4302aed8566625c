/** What `this.ref` gives where bodies run without an engine: the result, behind a method. */
export class PlainRef {
  readonly held: unknown;

  constructor(held: unknown) {
    this.held = held;
  }

  value(): unknown {
    return this.held;
  }
}
