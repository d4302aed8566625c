/**
 * Base of the census's tasks: if CENSUS_JOURNAL names a file, each attempt appends a line there when it starts and
 * one when it ends. The journal is no part of the census; it is evidence, independent of the engine, of what ran.
 */
import { appendFileSync } from "node:fs";
import { Task } from "millrace";

/** A task whose attempts leave a trace. */
export abstract class JournalledTask<R> extends Task<R> {
  override onCreate(): void {
    this.note({ event: "start" });
  }

  override onDestroy(): void {
    this.note({ event: "end" });
  }

  /** Appends one line of JSON to the journal, if there is one. */
  protected note(entry: { readonly event: string; readonly [fact: string]: unknown }): void {
    const journal = process.env.CENSUS_JOURNAL;
    if (!journal) return;
    const { step, attempt } = this.info;
    // One small synchronous append is atomic among threads, and survives a kill of the process that follows it.
    appendFileSync(journal, `${JSON.stringify({ ...entry, step, attempt, pid: process.pid })}\n`);
  }
}
