/** What has happened to a run of rules, in the order of its facts: first what is on record, then what comes. */
import type { Firing, MessageReceived, RunToken } from "@millrace/core";
import type { Mailbox } from "../../runs/mailbox.js";
import type { UnitSettled } from "../../steps/unit.js";

/** What stands behind a unit of this life. */
export type Known = { readonly firing: Firing } | { readonly token: RunToken };

/** A settlement, of this life if it is `known`. */
export interface Settled {
  readonly seq: number;
  readonly settled: UnitSettled;
  readonly known?: Known;
}

/** One thing that has happened. */
export type Happening = Settled | { readonly seq: number; readonly message: MessageReceived };

/** The queue of one body. */
export class Happenings {
  readonly #all: Happening[];
  readonly #more: () => void;
  #next = 0;
  /** How many are on record; endless until all of them are here. */
  #recorded = Number.POSITIVE_INFINITY;

  /** @param records What is on record, but the messages. @param more Told whenever something has come since the beginning. */
  constructor(records: readonly UnitSettled[], more: () => void) {
    this.#all = records.map((settled) => ({ seq: settled.seq, settled }));
    this.#more = more;
  }

  /** Takes the messages of these names, those on record and those to come. What is here by then has happened in an earlier life. */
  begin(mailbox: Mailbox, names: readonly string[]): void {
    for (const name of names) this.#listen(mailbox, name);
    this.#all.sort((a, b) => a.seq - b.seq);
    this.#recorded = this.#all.length;
  }

  /** The record has been gone through. */
  get isLive(): boolean {
    return this.#next >= this.#recorded;
  }

  /** The next one; undefined if there is none yet. */
  get next(): Happening | undefined {
    return this.#all[this.#next];
  }

  /** The next one has been seen to. */
  done(): void {
    this.#next += 1;
  }

  add(happening: Happening): void {
    this.#all.push(happening);
    if (this.#recorded !== Number.POSITIVE_INFINITY) this.#more();
  }

  #listen(mailbox: Mailbox, name: string): void {
    for (let more = true; more; ) {
      more = false;
      let kept = true;
      const receive = (message: MessageReceived): void => {
        this.add({ seq: message.seq, message });
        if (kept) more = true;
        else this.#listen(mailbox, name);
      };
      mailbox.take({ name, until: undefined, receive });
      kept = false;
    }
  }
}
