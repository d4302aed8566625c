/** Records for the tasks of a tick. A disk that is full is no failure of a task, though a task may be what meets it: whoever ticks asks for it here. */
import { isMillraceError } from "@millrace/core";
import type { ChangeRecord, FlowRecord, FlowRecords } from "./flow-records.js";

/** Others' records, with a memory for what they failed with. */
export class WatchedRecords implements FlowRecords {
  readonly #records: FlowRecords;
  #failure: { readonly error: unknown } | undefined;

  constructor(records: FlowRecords) {
    this.#records = records;
  }

  keys(): Promise<readonly string[]> {
    return this.#watch(this.#records.keys());
  }

  change(key: string, change: ChangeRecord): Promise<FlowRecord | undefined> {
    return this.#watch(this.#records.change(key, change));
  }

  remove(key: string): Promise<boolean> {
    return this.#watch(this.#records.remove(key));
  }

  /** Throws what the records failed with, if they did. Errors about a record are its task's. */
  throwFailure(): void {
    if (this.#failure) throw this.#failure.error;
  }

  async #watch<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      if (!isMillraceError(error)) this.#failure ??= { error };
      throw error;
    }
  }
}
