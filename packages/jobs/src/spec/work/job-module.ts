/** Job modules: computations in a folder of their own, in three parts that can be tried alone. */
import type { Data } from "../flow-spec.js";

/** One kind of job. */
export interface JobModule {
  /** Part of what makes jobs equal: raise it when what the module computes has changed. */
  readonly version?: string;
  /** What a run needs from where it runs, by the name under which the entrypoint finds it in its environment. */
  readonly config?: Readonly<Record<string, ConfigSpec>>;
  /** Writes inputs and `entrypoint.sh` into an empty folder. Knows nothing of where the job will run. */
  buildWorkDir(job: BuildContext): void | Promise<void>;
  /** Computes in the folder. Default: bash runs `entrypoint.sh` there, its output goes to `stdout.log` and `stderr.log`. */
  runWorkDir?(job: RunContext): void | Promise<void>;
  /** What the folder holds in the end, as JSON. Asked once of a job, until its own text or the version changes. */
  parseWorkDir(job: BuildContext): unknown;
}

/** Something that an environment gives. */
export interface ConfigSpec {
  /** Variable of the environment that has it. */
  readonly env: string;
  /** Default true: without it the job is refused before its flow begins. */
  readonly required?: boolean;
}

/** A job and its folder. */
export interface BuildContext {
  /** Absolute path of the work directory. */
  readonly dir: string;
  readonly params: Readonly<Data>;
}

/** A job that runs. */
export interface RunContext extends BuildContext {
  /** The configuration, by the module's names. */
  readonly config: Readonly<Record<string, string>>;
}
