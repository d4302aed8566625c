/** The one error class that Millrace throws at users: a code, data, a sentence and a remedy. Expected failures of steps are values, not these. */
import type { ErrorCode } from "./error-codes.js";

const BRAND = Symbol.for("millrace.error");

/** What every Millrace error carries besides its message. */
export interface MillraceErrorInit {
  /** What to do about it, in one sentence. */
  readonly hint?: string;
  /** Typed facts about the culprit: path, step, flow, value. JSON only. */
  readonly data?: Readonly<Record<string, unknown>>;
  /** The error that led here. */
  readonly cause?: unknown;
}

/** An error with a code that names the culprit and says what to do. */
export class MillraceError extends Error {
  /** Readable slug, stable across versions; `docs/errors.md` explains each. */
  readonly code: ErrorCode;
  /** What to do about it. */
  readonly hint: string | undefined;
  /** Typed facts about the culprit. */
  readonly data: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, init: MillraceErrorInit = {}) {
    super(message, init.cause === undefined ? undefined : { cause: init.cause });
    this.name = "MillraceError";
    this.code = code;
    this.hint = init.hint;
    this.data = init.data ?? {};
    Object.defineProperty(this, BRAND, { value: true });
  }
}

/** True for a MillraceError of any installed copy of this package (instanceof fails across copies). */
export function isMillraceError(value: unknown): value is MillraceError {
  return typeof value === "object" && value !== null && BRAND in value;
}

/** A broken invariant of Millrace itself; says that it is a bug. */
export function bug(message: string, data: Readonly<Record<string, unknown>> = {}): MillraceError {
  return new MillraceError("internal-bug", `This is a bug in Millrace: ${message}`, {
    hint: "Please report it with the run's folder (.flow) and this message.",
    data,
  });
}
