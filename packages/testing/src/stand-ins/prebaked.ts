/** Results that are ready before the task runs: a value, a function of the parameters, or what an earlier run recorded. */
import { MillraceError } from "@millrace/core";
import { jobParams, type LoadedTask, nameOf, type TaskLoader } from "@millrace/runtime/internal";
import type { ClassOf, ParamsOf, ResultOf, Task } from "@millrace/sdk";
import { environmentMode, Recording, type RecordMode } from "./recording.js";
import { type OpenStandIn, paramsText, type StandIn, type StandInJob, taskRunning } from "./stand-in.js";

/** Where the results of a prebaked task come from. */
export type PrebakedSource<T extends Task> =
  /** Always this. */
  | { readonly value: ResultOf<T> }
  /** What the function gives or promises for the parameters; what it throws fails the attempt. */
  | { readonly compute: (params: ParamsOf<T>) => ResultOf<T> | Promise<ResultOf<T>> }
  /**
   * What the file has for the parameters. `record`: `all` runs the task and writes the file anew (once in a process, whose
   * engines may share it), `missing` runs it only for parameters that the file lacks, `none` never. Default: what
   * MILLRACE_RECORD says, else `none`. Results of attempts that succeed are kept, and written when the engine closes.
   */
  | { readonly file: string | URL; readonly record?: RecordMode };

/**
 * Replaces a task by results that are ready: it does not run, nor do its hooks.
 * @throws MillraceError `usage` if MILLRACE_RECORD is none of the modes; what a file lacks is `stand-in-failed`, of the attempt.
 */
export function prebaked<T extends Task>(target: ClassOf<T>, source: PrebakedSource<T>): StandIn {
  if ("file" in source) {
    const { file, record = environmentMode() } = source;
    return { target, open: () => new RecordedResults(new Recording(nameOf(target), file, record)) };
  }
  const give = "value" in source ? () => source.value : source.compute;
  const load = (job: StandInJob): LoadedTask => taskRunning(() => give(jobParams(job) as ParamsOf<T>));
  return { target, open: () => ({ load }) };
}

class RecordedResults implements OpenStandIn {
  readonly #recording: Recording;

  constructor(recording: Recording) {
    this.#recording = recording;
  }

  async load(job: StandInJob, real: TaskLoader): Promise<LoadedTask> {
    const params = jobParams(job);
    const found = await this.#recording.find(params);
    if (found) return taskRunning(() => found.value);
    if (!this.#recording.records) {
      return taskRunning(() => {
        throw this.#missing(params);
      });
    }
    const task = await real(job);
    const recording = this.#recording;
    class RecordedTask extends task.create {
      #result: unknown;

      override async run(): Promise<unknown> {
        this.#result = await super.run();
        return this.#result;
      }

      // Not in `run`: an attempt that was given up, or that its own hook fails, gives no result.
      override async onSuccess(): Promise<void> {
        await super.onSuccess?.();
        recording.add(params, this.#result);
      }
    }
    return { create: RecordedTask };
  }

  close(): Promise<void> {
    return this.#recording.save();
  }

  #missing(params: object): MillraceError {
    const { task, file } = this.#recording;
    return new MillraceError("stand-in-failed", `${file} has no result of ${task} for ${paramsText(params)}.`, {
      hint: 'Run the test once with MILLRACE_RECORD=missing to record it, or with record: "missing".',
      data: { task, file },
    });
  }
}
