/** A run's past, as its bodies ask for it: what is on record, where it stands in the code of now, and how far its order binds. */
import {
  type ActivationPath,
  type Ambiguity,
  type AttemptFailed,
  appendTo,
  type BuildAlignment,
  type BuildHash,
  type Manifest,
  type PlacedRecord,
  type RecordStanding,
  type StepKey,
  StepRecords,
  type StoredBytes,
} from "@millrace/core";
import type { Suspicions } from "../inflight/inflight-file.js";
import { isStep, type UnitSettled } from "../steps/unit.js";
import { Mailbox } from "./mailbox.js";
import type { RunRecord } from "./run-record.js";

/** How this life of a run relates to those before. */
export interface Relation {
  /** The code differs from the build that wrote the record last. */
  readonly codeChanged: boolean;
  /** The user accepts that a replay diverges. */
  readonly accepted: boolean;
  /** Builds that made records, aligned to the code of now; those that are the same, or gone, are not listed. */
  readonly alignments: ReadonlyMap<BuildHash, BuildAlignment>;
}

/** A new run has nothing to relate to. */
export const NO_PAST: Relation = { codeChanged: false, accepted: false, alignments: new Map() };

/** Records that may belong to any of several calls. */
export interface AmbiguousRecords extends Ambiguity {
  /** How many records wait for the decision. */
  readonly records: number;
}

/** The past of one run; empty for a new one. */
export class RunPast {
  /** Without the records themselves: a body that has begun lets go of what it was given. */
  readonly #record: Omit<RunRecord, "records" | "dropped" | "failedAttempts"> | undefined;
  /** Steps on record. */
  readonly size: number;
  readonly #relation: Relation;
  readonly #suspicions: Suspicions;
  /** This life may meet another body than the one recorded. */
  readonly #loose: boolean;
  /** By the path of their body now, in the order of their delivery. */
  readonly #bodies = new Map<ActivationPath, UnitSettled[]>();
  readonly #dropped = new Map<ActivationPath, UnitSettled[]>();
  /** Steps by the key of every activation around them; made when somebody asks. */
  #inside: ReadonlyMap<string, readonly UnitSettled[]> | undefined;
  readonly #failedAttempts = new Map<StepKey, AttemptFailed>();
  readonly #restarted = new Set<StepKey>();
  /** The newest record of a step that is given up, by its key. */
  readonly #givenUp = new Map<StepKey, number>();

  /** @param suspicions How often steps were in flight when a process died. */
  constructor(record: RunRecord | undefined, relation: Relation, suspicions: Suspicions = new Map()) {
    this.#relation = relation;
    this.#suspicions = suspicions;
    this.#loose = relation.codeChanged || relation.accepted || (record?.dropped.length ?? 0) > 0;
    const { records = [], dropped = [], failedAttempts = [], ...rest } = record ?? {};
    this.#record = record && (rest as Omit<RunRecord, "records" | "dropped" | "failedAttempts">);
    this.size = records.filter(isStep).length;
    for (const each of records) this.#hold(this.#bodies, each);
    for (const each of dropped) {
      this.#hold(this.#dropped, each);
      const { key } = this.#place(each);
      if (each.state === "failed") this.#restarted.add(key);
      this.#givenUp.set(key, Math.max(each.seq, this.#givenUp.get(key) ?? 0));
    }
    for (const failed of failedAttempts) this.#failedAttempts.set(this.#place(failed).key, failed);
  }

  /** Hands over what is on record for a body that begins: in the order of its delivery, and for deciding about the body's calls. */
  take(path: ActivationPath): {
    readonly records: readonly UnitSettled[];
    readonly decisions: StepRecords<UnitSettled>;
  } {
    const records = this.#bodies.get(path) ?? [];
    // What begins stands in no settled activation: nobody else asks for it.
    this.#bodies.delete(path);
    const dropped = this.#dropped.get(path) ?? [];
    const givenUp = new Set(dropped);
    const decisions = new StepRecords([...dropped, ...records], (record): RecordStanding => {
      const { key, site } = this.#place(record);
      return { key, site, movable: this.#movable(record), dropped: givenUp.has(record) };
    });
    return { records, decisions };
  }

  /** The steps that stand inside a settled activation, at any depth. */
  within(record: UnitSettled): readonly UnitSettled[] {
    if (record.kind !== "activation-settled") return [];
    const { key } = this.#place(this.#record?.origins.get(record.key) ?? record);
    this.#inside ??= this.#byActivation();
    return this.#inside.get(key) ?? [];
  }

  /** The record was made for this very body, so its place in the order binds. */
  firm(record: UnitSettled): boolean {
    return !this.#loose && record.seq > (this.#record?.looseUpTo ?? 0);
  }

  /** The newest failed attempt on record of a step that is not settled. */
  failedAttempt(key: StepKey): AttemptFailed | undefined {
    return this.#failedAttempts.get(key);
  }

  /** End on record of a sleep or of a wait's time, ms since 1970. */
  timer(key: StepKey): number | undefined {
    return this.#record?.timers.get(key);
  }

  /** How long a sub-flow has been going that is not settled, if the run goes on now, ms; undefined if it has not begun. */
  spentIn(key: StepKey, now: number): number | undefined {
    return this.#record?.time.spentSince(key, now);
  }

  /** The shared state on record. */
  get shared(): ReadonlyMap<string, StoredBytes> {
    return this.#record?.shared ?? new Map();
  }

  /** The messages on record, and which of them are taken. */
  mailbox(): Mailbox {
    return new Mailbox(this.#record?.messages ?? [], this.#record?.claimed ?? new Set());
  }

  /** The step's last record was a failure that is tried again. */
  restarted(key: StepKey): boolean {
    return this.#restarted.has(key);
  }

  /** Place of the step's record that was given up, so that it runs anew; 0 if there is none. */
  anewAfter(key: StepKey): number {
    return this.#givenUp.get(key) ?? 0;
  }

  /** How often the step was in flight when the process of its run died. */
  suspicions(key: StepKey): number {
    return this.#suspicions.get(key) ?? 0;
  }

  /** The manifest of the build that made a record, if it is another than that of now and still there. */
  manifestOf(record: UnitSettled): Manifest | undefined {
    return this.#alignmentOf(record)?.before;
  }

  /** What the user has to decide before anything is restored, by site. */
  ambiguities(): readonly AmbiguousRecords[] {
    const found = new Map<string, AmbiguousRecords>();
    for (const record of [...this.#bodies.values()].flat()) {
      for (const ambiguity of this.#alignmentOf(record)?.ambiguities(record) ?? []) {
        const records = (found.get(ambiguity.site)?.records ?? 0) + 1;
        found.set(ambiguity.site, { ...ambiguity, records });
      }
    }
    return [...found.values()].sort((a, b) => (a.site < b.site ? -1 : 1));
  }

  /** Steps by the key of every activation around them. */
  #byActivation(): ReadonlyMap<string, readonly UnitSettled[]> {
    const inside = new Map<string, UnitSettled[]>();
    for (const [body, records] of this.#bodies) {
      const root = body.indexOf("/");
      if (root === -1) continue;
      for (let end = body.length; end > root; end = body.lastIndexOf("/", end - 1)) {
        for (const record of records) if (isStep(record)) appendTo(inside, body.slice(0, end), record);
      }
    }
    return inside;
  }

  /** The record was made by other code, so its key may have moved. */
  #movable(record: UnitSettled): boolean {
    return this.#relation.codeChanged || record.seq <= (this.#record?.changedUpTo ?? 0);
  }

  #hold(bodies: Map<ActivationPath, UnitSettled[]>, record: UnitSettled): void {
    appendTo(bodies, this.#alignmentOf(record)?.path(record.body) ?? record.body, record);
  }

  #place<R extends PlacedRecord & { readonly seq: number }>(record: R): Pick<PlacedRecord, "key" | "site"> {
    return this.#alignmentOf(record)?.place(record) ?? record;
  }

  #alignmentOf({ seq }: { readonly seq: number }): BuildAlignment | undefined {
    if (this.#relation.alignments.size === 0) return undefined;
    const made = this.#record?.builds.findLast(({ from }) => from < seq);
    return made && this.#relation.alignments.get(made.build);
  }
}
