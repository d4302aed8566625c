/**
 * Named instants at which the process of a run can be made to die, for crash tests. `MILLRACE_FAILPOINT=<name>:<nth>` in the environment of a
 * process that starts kills it with SIGKILL when it comes to that instant for the nth time; `any` stands for all of them. Without the
 * variable a failpoint is one comparison. Main thread only.
 */
import { type Fact, MillraceError, suggestName } from "@millrace/core";

/** Instants that no kind of fact has, in the order in which a run meets them. */
const INSTANTS = [
  // A run begins or goes on.
  "lease-wanted",
  "lease-taken",
  "record-read",
  "suspects-noted",
  // A replay.
  "replay-delivery",
  "replay-over",
  // A job, from its note to its outcome, of which nothing is on record yet.
  "jobs-noted",
  "jobs-pushed",
  "job-claimed",
  "outcome-heard",
  // A commit: files of large values first, then rows, then the transaction's end.
  "content-unnamed",
  "content-written",
  "rows-written",
  // What is on record reaches the body.
  "delivery",
  "timer-fired",
  // From outside: taken from the table of requests, and on no record.
  "requests-taken",
  // A run ends or stops, and its engine closes.
  "lease-unneeded",
  "lease-returned",
  "engine-closing",
  "runs-stopped",
  "facts-drained",
  "store-closed",
] as const;

/** Each has an instant before its commit, and one after it, before anybody hears of it. */
const KINDS = Object.keys({
  "run-started": true,
  "run-resumed": true,
  "run-suspended": true,
  "run-ended": true,
  "step-settled": true,
  "activation-settled": true,
  "attempt-failed": true,
  "record-moved": true,
  message: true,
  timer: true,
  "shared-commit": true,
  "shared-used": true,
  breakpoint: true,
  "step-held": true,
} satisfies Record<Fact["kind"], true>) as Fact["kind"][]; // safe: the keys of the object right here

type Instant = (typeof INSTANTS)[number];
type Side = "before-commit" | "after-commit";
/** A name. */
export type Failpoint = Instant | `${Side}.${Fact["kind"]}`;

/** All names. */
export const FAILPOINTS: readonly Failpoint[] = [
  ...INSTANTS,
  ...KINDS.flatMap((kind) => [`before-commit.${kind}`, `after-commit.${kind}`] as const),
];

const arrive = armed(process.env.MILLRACE_FAILPOINT);

/** The process has come to this instant. */
export function failpoint(name: Failpoint): void {
  arrive?.(name);
}

/** The same for each of these facts. */
export function failpoints(side: Side, facts: readonly Fact[]): void {
  if (arrive) for (const { kind } of facts) arrive(`${side}.${kind}`);
}

/** What is done at each; undefined if nothing is. @throws MillraceError `invalid-options` for a text that names none. */
function armed(given: string | undefined): ((name: Failpoint) => void) | undefined {
  if (given === undefined || given === "") return undefined;
  const [, wanted = "", nth = ""] = /^([a-z.-]+):([1-9]\d*)$/.exec(given) ?? [];
  if (wanted !== "any" && !(FAILPOINTS as readonly string[]).includes(wanted)) {
    throw new MillraceError("invalid-options", `MILLRACE_FAILPOINT cannot be ${JSON.stringify(given)}.`, {
      hint: suggestName(wanted, FAILPOINTS, "It is <name>:<nth>, and for crash tests alone: unset it."),
      data: { option: "MILLRACE_FAILPOINT", given },
    });
  }
  let left = Number(nth);
  return (name) => {
    if ((wanted === "any" || wanted === name) && --left === 0) process.kill(process.pid, "SIGKILL");
  };
}
