/** A store as text: a line about the whole, then a line for each fact, JSON each. */
import { bytesInMemory, type Fact, MillraceError, type OwnerInfo, type RunId, type StoredBytes } from "@millrace/core";

const FORMAT = 1;

/** Fields of facts that hold bytes, whatever the kind. */
const VALUE_FIELDS = ["params", "value", "error"] as const;

/** The first line. */
export interface CheckpointHead {
  /** Who has the checkpoint; absent once it was closed. */
  readonly writer?: OwnerInfo;
  /** ms since 1970. */
  readonly at: number;
  /** How far each schedule has been kept, ms since 1970. */
  readonly scheduled: Readonly<Record<string, number>>;
}

/** What a text holds. */
export interface CheckpointContents extends CheckpointHead {
  /** Facts in order, by run. */
  readonly runs: ReadonlyMap<RunId, readonly Fact[]>;
}

/** The line of a fact. Reads its values, and throws what that throws. */
export function factLine(run: RunId, fact: Fact): string {
  const values: Record<string, string> = {};
  for (const field of VALUE_FIELDS) {
    // Safe: no fact keeps anything but StoredBytes under these three names.
    const bytes = (fact as unknown as Record<string, StoredBytes | undefined>)[field];
    if (bytes !== undefined) values[field] = Buffer.from(bytes.read()).toString("base64");
  }
  return JSON.stringify({ run, fact: { ...fact, ...values } });
}

/** The whole. */
export function writeCheckpoint(head: CheckpointHead, lines: Iterable<string>): string {
  return `${[JSON.stringify({ millrace: "checkpoint", format: FORMAT, ...head }), ...lines].join("\n")}\n`;
}

/** @throws MillraceError `store-corrupt`, `store-too-new`. */
export function readCheckpoint(name: string, text: string): CheckpointContents {
  const [first = "", ...rest] = text.split("\n");
  const { millrace, format, ...head } = parsed(name, first, 1) as Record<string, unknown>;
  if (millrace !== "checkpoint" || typeof format !== "number") throw corrupt(name, 1);
  if (format > FORMAT) {
    throw new MillraceError("store-too-new", `The checkpoint "${name}" was written by a newer version of Millrace.`, {
      hint: "Install that version, or a newer one.",
      data: { checkpoint: name, format },
    });
  }
  // The last line ends, too: a text that was cut off does not.
  if (rest.pop() !== "") throw corrupt(name, rest.length + 1);
  const runs = new Map<RunId, Fact[]>();
  for (const [i, line] of rest.entries()) {
    // Safe, as is the head: it was written by factLine; what was changed since then is refused by the fold over the facts.
    const { run, fact } = parsed(name, line, i + 2) as { readonly run: RunId; readonly fact: Record<string, unknown> };
    for (const field of VALUE_FIELDS) {
      if (typeof fact[field] === "string") fact[field] = bytesInMemory(Buffer.from(fact[field], "base64"));
    }
    const facts = runs.get(run);
    if (facts) facts.push(fact as unknown as Fact);
    else runs.set(run, [fact as unknown as Fact]);
  }
  return { ...(head as unknown as CheckpointHead), runs };
}

function parsed(name: string, line: string, number: number): object {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === "object" && value !== null) return value;
  } catch {
    // Falls through to the same words.
  }
  throw corrupt(name, number);
}

function corrupt(name: string, line: number): MillraceError {
  return new MillraceError("store-corrupt", `The checkpoint "${name}" is damaged in line ${line}.`, {
    hint: "Put a copy of it from before in its place, or clear it to begin anew.",
    data: { checkpoint: name, line },
  });
}
