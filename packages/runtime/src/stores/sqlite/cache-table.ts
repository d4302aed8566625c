/** The table `cache`: where the newest shared result of each identity stands among the facts. Transactions are the caller's. */
import { bytesInMemory, type CachedResult, type Identity, type RunId } from "@millrace/core";
import type { ContentFiles } from "./content-files.js";
import type { Database, Statement } from "./driver.js";
import { encodeText } from "./text-column.js";

/** Reads and writes entries. */
export class CacheTable {
  readonly #content: ContentFiles;
  readonly #find: Statement;
  readonly #save: Statement;
  readonly #remove: Statement;

  constructor(database: Database, content: ContentFiles) {
    this.#content = content;
    this.#find = database.prepare(
      `SELECT cache.at AS at, facts.value AS value, facts.value_file AS value_file
       FROM cache JOIN facts ON facts.run = cache.run AND facts.seq = cache.seq WHERE cache.identity = ?`,
    );
    this.#remove = database.prepare("DELETE FROM cache WHERE run = ?");
    this.#save = database.prepare(
      `INSERT INTO cache (identity, run, seq, at) VALUES (?, ?, ?, ?)
       ON CONFLICT (identity) DO UPDATE SET run = excluded.run, seq = excluded.seq, at = excluded.at`,
    );
  }

  /** The newest result of an identity. */
  find(identity: Identity): CachedResult | undefined {
    const row = this.#find.all([encodeText(identity)])[0];
    if (row === undefined) return undefined;
    // Safe, both casts: the columns were written with the fact, from values of these types.
    const at = row.at as number;
    if (typeof row.value_file === "string") return { at, value: this.#content.stored(row.value_file) };
    return { at, value: bytesInMemory(row.value as Uint8Array) };
  }

  /** Forgets the results of a run that is deleted: its id may be used again. */
  remove(run: RunId): void {
    this.#remove.run([run]);
  }

  /** Points an identity at the fact that has its newest result. */
  save(identity: Identity, run: RunId, { seq, endedAt }: { readonly seq: number; readonly endedAt: number }): void {
    this.#save.run([encodeText(identity), run, seq, endedAt]);
  }
}
