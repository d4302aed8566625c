/** What `@resource()` stands on: something that tasks hold for longer than a step, such as a connection or a model. */

/** A resource may be opened before its first use and closed at the end. */
export interface Resource {
  /** Before the first use in a thread. A throw fails that use; the next one opens a new instance. */
  open?(): void | Promise<void>;
  /** When the thread ends in order. A throw is reported. */
  close?(): void | Promise<void>;
}

/** A class of resources: its constructor takes nothing. */
export type ResourceClass<T extends Resource = Resource> = new () => T;
