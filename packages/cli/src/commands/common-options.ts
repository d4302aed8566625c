/** What every command understands. */

/** Options of every command. */
export interface CommonOptions {
  /** Folder of the project, or one inside it. Default: the current folder. */
  readonly cwd?: string;
  /** One JSON document on stdout. */
  readonly json?: boolean;
  /** Stacks with every error. */
  readonly debug?: boolean;
}
