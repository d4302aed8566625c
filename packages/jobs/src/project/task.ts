/** A task of a project: a command with directives. It is data; what it says of other tasks becomes edges in derive-edges. */

/**
 * What a task says of itself, as it was written. A list may be one text. Directives that are not named here are kept and
 * have no effect.
 */
export interface Directives {
  /** For bash. A task without one is a barrier: it is complete when all that it waits for is. */
  readonly cmd?: string;
  /** Names of tasks that it waits for. */
  readonly after?: Texts;
  /** Names of tasks that wait for it. */
  readonly before?: Texts;
  /** Regular expressions for whole names. */
  readonly "after-re"?: Texts;
  /** Regular expressions for whole names. */
  readonly "before-re"?: Texts;
  /** It waits for every task that has such an output. */
  readonly input?: Texts;
  /** Names of what it makes, files mostly. */
  readonly output?: Texts;
  /** Regular expressions for whole outputs. */
  readonly "input-re"?: Texts;
  /** It adds tasks when it runs: `true`, or regular expressions for the whole names and outputs of what it may add. */
  readonly adds?: true | Texts;
  readonly tags?: Texts;
  /** Processors that it takes. */
  readonly cpus?: number;
  /** Memory that it takes: MiB, or a number with K, M, G or T. */
  readonly mem?: number | string;
  /** Further attempts after a failed one. */
  readonly retry?: number;
  /** Pause before the second attempt. Default: none. */
  readonly "retry-delay"?: number | string;
  /** How the pause grows from attempt to attempt. Default `fixed`. */
  readonly "retry-backoff"?: "fixed" | "linear" | "exponential";
  /** Longest time of one attempt. */
  readonly timeout?: number | string;
  /** Tasks that are reset with it: names, `parents` or `predecessors` (what it waits for), `ancestors` (through others, too). */
  readonly reset?: Texts;
  /** Folder that it runs in, from the project's. */
  readonly cwd?: string;
  /** Variables. */
  readonly env?: Readonly<Record<string, string | number | boolean>>;
  /** A file that it reads. */
  readonly stdin?: string;
  /** A file that it writes. */
  readonly stdout?: string;
  /** A file that it writes. */
  readonly stderr?: string;
  /** Image that its command runs in, whose bash it is for: `quay.io/biocontainers/bwa:0.7.18`. */
  readonly container?: string;
  /** The image's sha256, which then counts instead of its tag. */
  readonly digest?: string;
  /** Longest time that a cluster gives it: as a timeout, or as Slurm writes times. */
  readonly walltime?: number | string;
  /** Further arguments for Slurm's `sbatch`. */
  readonly sbatch_args?: Texts;
  /** Names of the directives that its identity has. Default: `IDENTITY_DIRECTIVES`. */
  readonly identity?: Texts;
  readonly [other: string]: unknown;
}

/** One text or several. */
export type Texts = string | readonly string[];

/** One task, read and in itself without fault. */
export interface Task {
  /** Unique in a project; letters, digits, `_` and `-`. */
  readonly name: string;
  /** Hash of the directives that decide what it does, hex. */
  readonly identity: string;
  readonly directives: Directives;
}

/** The texts of a directive. */
export function textsOf(texts: Texts | undefined): readonly string[] {
  if (texts === undefined) return [];
  return typeof texts === "string" ? [texts] : texts;
}
