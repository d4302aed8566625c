/**
 * Port: the simplest home that runs can have: a text under a name. `storeFromCheckpointer` (runtime) makes a store of it.
 * Conformance: `checkpointerConformance` of `millrace/testing/conformance`.
 */

/** Keeps texts by name: in a database, a bucket, a folder. Any name and any text of well-formed Unicode without NUL. */
export interface Checkpointer {
  /** Before the first call. */
  open?(): void | Promise<void>;
  /**
   * Puts a text under a name, in the place of what was there: whole, or not at all. When it resolves the text is as safe as this
   * home makes it. One at a time for each name.
   */
  write(name: string, contents: string): void | Promise<void>;
  /** The text under a name; undefined if there is none. */
  read(name: string): string | undefined | Promise<string | undefined>;
  /** Removes the text under a name, if there is one. */
  clear(name: string): void | Promise<void>;
  /** After the last call. */
  close?(): void | Promise<void>;
}
