/** Commands, as whoever runs them gets them: what a `shell` node becomes when its time has come. */

/** One command: the parameters of its job. */
export interface ShellCommand {
  /** For bash. */
  readonly command: string;
  /** Absolute. */
  readonly cwd: string;
  /** Added to the environment of this process. */
  readonly env: Readonly<Record<string, string>>;
  /** Absolute paths of files: read from, and written anew by each attempt. */
  readonly stdin?: string;
  readonly stdout?: string;
  readonly stderr?: string;
}
