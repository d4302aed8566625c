/**
 * One fact as one row, and back. A table says which field has a column; every other field of a fact goes as JSON into
 * `meta`, so that a new kind of fact needs no new column.
 */
import { codecOf, FACT_KINDS, type Fact, MillraceError, type RunId, type StoredBytes } from "@millrace/core";
import type { SqlValue } from "./driver.js";
import { decodeText, encodeText } from "./text-column.js";
import type { TextPool } from "./text-pool.js";

/** Column → field of a fact, by how the column is written. */
const TEXTS = [
  ["key", "key"],
  ["site", "site"],
  ["node", "node"],
  ["body", "body"],
  ["task", "task"],
  ["identity", "identity"],
  ["state", "state"],
  ["source", "source"],
  ["cause", "cause"],
] as const;
const NUMBERS = [
  ["attempts", "attempts"],
  ["ready_at", "readyAt"],
  ["started_at", "startedAt"],
  ["ended_at", "endedAt"],
] as const;

/** Fields that hold a user's bytes; each has a column of its name and one named `<name>_file`. */
export const VALUE_FIELDS = ["params", "value", "error"] as const;

/** One of the value fields. */
export type ValueField = (typeof VALUE_FIELDS)[number];

/** Text columns of which every row has another value. */
const UNIQUE: ReadonlySet<string> = new Set(["key", "identity"]);

/** Columns of `facts` in the order of `factValues`. */
export const FACT_COLUMNS: readonly string[] = [
  "run",
  "seq",
  "epoch",
  "kind",
  "at",
  "late",
  "meta",
  "codec",
  ...[...TEXTS, ...NUMBERS].map(([column]) => column),
  ...VALUE_FIELDS.flatMap((field) => [field, `${field}_file`]),
];

/** Columns that a row begins with when it is read. */
const LEADING = ["seq", "kind", "at", "late", "meta"] as const;

/** Columns of `facts` that a fact is read from, without its values. */
export const READ_COLUMNS: readonly string[] = [...LEADING, ...[...TEXTS, ...NUMBERS].map(([column]) => column)];

const COLUMN_FIELDS: ReadonlySet<string> = new Set([
  ...["seq", "kind", "at", "late", ...VALUE_FIELDS],
  ...[...TEXTS, ...NUMBERS].map(([, field]) => field),
]);

const KIND_NAMES: ReadonlyMap<number, Fact["kind"]> = new Map(
  // Safe: the keys of FACT_KINDS are the kinds.
  Object.entries(FACT_KINDS).map(([name, number]) => [number, name as Fact["kind"]]),
);

/** Where a value of a fact is kept: its bytes, or the reference of its file. */
export type PlacedValue = Uint8Array | string;

/** The values to bind for one fact. `place` is asked once for every value that the fact has. */
export function factValues(
  owner: { readonly run: RunId; readonly epoch: number },
  fact: Fact,
  place: (value: StoredBytes) => PlacedValue,
): SqlValue[] {
  const fields = fieldsOf(fact);
  const row: SqlValue[] = [owner.run, fact.seq, owner.epoch, FACT_KINDS[fact.kind], fact.at];
  const values = valuesOf(fact);
  row.push("late" in fact ? 1 : null, meta(fields), codecOfRow(values));
  for (const [, field] of TEXTS) {
    const text = fields[field];
    row.push(text === undefined ? null : encodeText(String(text)));
  }
  for (const [, field] of NUMBERS) {
    const number = fields[field];
    row.push(number === undefined ? null : Number(number));
  }
  for (const value of values) {
    const placed = value === undefined ? null : place(value);
    if (typeof placed === "string") row.push(null, placed);
    else row.push(placed, null);
  }
  return row;
}

/** One process writes all values of a fact, so they have one codec. */
function codecOfRow(values: readonly (StoredBytes | undefined)[]): number | null {
  const first = values.find((value) => value !== undefined);
  return (first && codecOf(first.read())) ?? null;
}

/** The values of a fact in the order of VALUE_FIELDS. */
export function valuesOf(fact: Fact): readonly (StoredBytes | undefined)[] {
  const fields = fieldsOf(fact);
  // Safe: whatever fact has a field of these names, it is StoredBytes.
  return VALUE_FIELDS.map((field) => fields[field] as StoredBytes | undefined);
}

/**
 * The fact of what READ_COLUMNS hold; `stored` gives the value of a field by its index in VALUE_FIELDS, undefined if it has none, and `texts` one string for
 * equal ones.
 */
export function factOfRow(
  row: readonly SqlValue[],
  texts: TextPool,
  stored: (field: number) => StoredBytes | undefined,
): Fact {
  const [seq, number, at, late, more] = row;
  const kind = KIND_NAMES.get(Number(number));
  if (kind === undefined) {
    throw new MillraceError("store-too-new", `A fact of kind ${number} is unknown to this version of Millrace.`, {
      hint: "Install the version of Millrace that wrote the run, or a newer one.",
      data: { kind: number },
    });
  }
  const fields: Record<string, unknown> = { kind, seq, at };
  let column = LEADING.length;
  for (const [name, field] of TEXTS) {
    const value = row[column++];
    if (value !== null) fields[field] = UNIQUE.has(name) ? decodeText(value) : texts.one(decodeText(value));
  }
  for (const [, field] of NUMBERS) {
    const value = row[column++];
    if (value !== null) fields[field] = value;
  }
  if (late !== null) fields.late = true;
  if (more !== null) Object.assign(fields, JSON.parse(String(more)));
  for (let i = 0; i < VALUE_FIELDS.length; i++) {
    const value = stored(i);
    if (value !== undefined) fields[VALUE_FIELDS[i] as ValueField] = value;
  }
  // Safe: every field was written by factValues from a fact of this kind.
  return fields as unknown as Fact;
}

/** JSON of the fields without a column; null if there are none. JSON escapes NUL and lone surrogates. */
function meta(fields: Readonly<Record<string, unknown>>): string | null {
  let rest: Record<string, unknown> | undefined;
  for (const field in fields) {
    if (!COLUMN_FIELDS.has(field)) {
      rest ??= {};
      rest[field] = fields[field];
    }
  }
  return rest === undefined ? null : JSON.stringify(rest);
}

/** A fact by field name. Safe: facts are plain objects, and the result is only read. */
function fieldsOf(fact: Fact): Readonly<Record<string, unknown>> {
  return fact as unknown as Readonly<Record<string, unknown>>;
}
