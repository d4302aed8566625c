/** Flows stored in this process. */
import type { ChangeRecord, FlowRecord, FlowRecords } from "./flow-records.js";

/** Records that end with the process. */
export class MemoryRecords implements FlowRecords {
  readonly #texts = new Map<string, string>();

  async keys(): Promise<readonly string[]> {
    return [...this.#texts.keys()].sort();
  }

  async change(key: string, change: ChangeRecord): Promise<FlowRecord | undefined> {
    const record = this.#read(key);
    const changed = change(record);
    if (changed !== undefined && changed !== record) this.#texts.set(key, JSON.stringify(changed));
    return this.#read(key);
  }

  async remove(key: string): Promise<boolean> {
    return this.#texts.delete(key);
  }

  #read(key: string): FlowRecord | undefined {
    const text = this.#texts.get(key);
    return text === undefined ? undefined : (JSON.parse(text) as FlowRecord);
  }
}
