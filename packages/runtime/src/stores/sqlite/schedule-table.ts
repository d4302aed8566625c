/** The table `schedules`: how far each schedule has been kept. Transactions are the caller's. */
import type { Database, Statement } from "./driver.js";
import { encodeText } from "./text-column.js";

/** Reads and writes entries. */
export class ScheduleTable {
  readonly #find: Statement;
  readonly #raise: Statement;

  constructor(database: Database) {
    this.#find = database.prepare("SELECT up_to FROM schedules WHERE schedule = ?");
    this.#raise = database.prepare(
      `INSERT INTO schedules (schedule, up_to) VALUES (?, ?)
       ON CONFLICT (schedule) DO UPDATE SET up_to = max(up_to, excluded.up_to)`,
    );
  }

  /** ms since 1970; undefined if the schedule has never been kept. */
  upTo(schedule: string): number | undefined {
    const row = this.#find.all([encodeText(schedule)])[0];
    return row === undefined ? undefined : Number(row.up_to);
  }

  /** Raises it; an earlier instant changes nothing. */
  mark(schedule: string, instant: number): void {
    this.#raise.run([encodeText(schedule), instant]);
  }
}
