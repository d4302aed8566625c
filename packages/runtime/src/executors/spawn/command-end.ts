/** How a command ended, as a spawner tells it. */
import { MillraceError } from "@millrace/core";

/** The part of a job that names it. */
interface Named {
  readonly node: string;
  readonly key: string;
}

/** The result of a command. @throws MillraceError `command-failed` for any code but 0, and for what is none. */
export function resultOfCommand(returned: unknown, job: Named): object {
  const end = typeof returned === "object" && returned !== null ? returned : { code: returned };
  const code: unknown = "code" in end ? end.code : undefined;
  if (code === 0) return end;
  if (typeof code === "number") throw commandFailed(job, { code });
  throw new MillraceError(
    "command-failed",
    `Nobody can tell how the command of ${job.node} ended: \`spawn\` gave no code.`,
    {
      hint: "`spawn` returns the code of a command, or an object that has it as `code`.",
      data: { step: job.key },
    },
  );
}

/** What there is to say of a failed command. */
export interface CommandFailure {
  readonly code: number | null;
  readonly killedBy?: NodeJS.Signals | null;
  /** The end of what it wrote to stderr. */
  readonly stderr?: string;
}

/** The error of a command that has not succeeded. */
export function commandFailed(
  { node, key }: Named,
  { code, killedBy = null, stderr = "" }: CommandFailure,
): MillraceError {
  const how = killedBy === null ? `ended with code ${code}` : `was killed by ${killedBy}`;
  const last = stderr.trimEnd().split("\n").at(-1) ?? "";
  return new MillraceError("command-failed", `The command of ${node} ${how}${last === "" ? "." : `: ${last}`}`, {
    hint: "`flow logs` shows all that it said.",
    data: { step: key, code, signal: killedBy, stderr },
  });
}
