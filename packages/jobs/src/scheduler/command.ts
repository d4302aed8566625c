/** `Command`: a job that runs a command in bash, or wherever the engine runs commands. */

import type { CodeJobOptions } from "./job.js";
import { JobBase, stepOptions } from "./job-base.js";
import type { JobWork } from "./job-model.js";
import type { OrResult } from "./job-result.js";

/** What a command is given. Paths are from the project's folder, those of files from `cwd`. */
export interface CommandParams {
  readonly cwd?: OrResult<string>;
  /** Variables: texts, numbers and booleans as they are, lists and objects as JSON; results of other jobs reach the command here. */
  readonly env?: Readonly<Record<string, unknown>>;
  /** File that it reads. Default: nothing. */
  readonly stdin?: OrResult<string>;
  /** Files that it writes. Default: the log. */
  readonly stdout?: OrResult<string>;
  readonly stderr?: OrResult<string>;
  /** For the place that runs it. */
  readonly hints?: Readonly<Record<string, unknown>>;
}

/** What a command that went well gives. */
export interface CommandResult {
  readonly code: number;
  /** Not there if it went to a file, is longer than 64 KiB, or no text. */
  readonly stdout?: string;
}

/** `new Command('git archive "$REV"', { env: { REV: revision.result.at("stdout") } })`. */
export class Command extends JobBase<CommandResult> {
  readonly work: JobWork;

  constructor(command: string, params: CommandParams = {}, options: CodeJobOptions = {}) {
    super(options, command.split(/\s/, 1)[0] || "command");
    this.work = { type: "named", run: { shell: command }, params, options: stepOptions(options) };
  }
}
