/** What `flow doctor --json` prints. */

/** One thing that was looked at. */
export interface DoctorCheck {
  /** Readable slug: `node`, `tsconfig`, `store`. */
  readonly name: string;
  /** `problem`: something does not work; `warning`: it works, and something is amiss. */
  readonly state: "ok" | "warning" | "problem";
  /** What was found, as one line. */
  readonly finding: string;
  /** What to do about it; with every warning and problem. */
  readonly remedy?: string;
  /** All that the line leaves out; JSON only. */
  readonly data?: Readonly<Record<string, unknown>>;
}

/** The whole examination. Checks that have no object here (no store yet, no Vitest) are left out. */
export interface DoctorDocument {
  /** True unless a check found a problem. */
  readonly ok: boolean;
  /** Absolute path of the project's folder; null if there is no project. */
  readonly root: string | null;
  readonly checks: readonly DoctorCheck[];
  /** How many of each state. */
  readonly counts: { readonly ok: number; readonly warnings: number; readonly problems: number };
}
