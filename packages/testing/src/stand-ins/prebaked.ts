/** Results that are ready before the task runs: a value, a function of the parameters, or what an earlier run recorded. */
import { decodeValue, MillraceError } from "@millrace/core";
import type { LoadedTask, TaskLoader } from "@millrace/runtime/internal";
import type { Callable, ClassOf, ParamsOf, ResultOf } from "@millrace/sdk";
import { Recording, type RecordMode } from "./recording.js";
import { type StandIn, type StandInJob, taskRunning } from "./stand-in.js";

/** Where the results of a prebaked task come from. */
export type PrebakedSource<T extends Callable> =
  /** Always this. */
  | { readonly value: ResultOf<T> }
  /** What the function gives or promises for the parameters; what it throws fails the attempt. */
  | { readonly compute: (params: ParamsOf<T>) => ResultOf<T> | Promise<ResultOf<T>> }
  /**
   * What the file has for the parameters. `record`: `all` runs the task and writes the file anew, `missing` runs it only
   * for parameters that the file lacks, `none` never. Default: what MILLRACE_RECORD says, else `none`.
   */
  | { readonly file: string | URL; readonly record?: RecordMode };

/** Replaces a task by results that are ready: it does not run, nor do its hooks. */
export function prebaked<T extends Callable>(target: ClassOf<T>, source: PrebakedSource<T>): StandIn {
  if ("file" in source) return new RecordedResults(target, new Recording(target.name, source.file, source.record));
  const give = "value" in source ? () => source.value : source.compute;
  return {
    target,
    load: (job) => taskRunning(() => give(decodeValue(job.params) as ParamsOf<T>)),
  };
}

class RecordedResults implements StandIn {
  readonly target: ClassOf<Callable>;
  readonly #recording: Recording;

  constructor(target: ClassOf<Callable>, recording: Recording) {
    this.target = target;
    this.#recording = recording;
  }

  async load(job: StandInJob, real: TaskLoader): Promise<LoadedTask> {
    const params = decodeValue(job.params) as object;
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
      override async run(): Promise<unknown> {
        const result = await super.run();
        recording.add(params, result);
        return result;
      }
    }
    return { create: RecordedTask };
  }

  close(): Promise<void> {
    return this.#recording.save();
  }

  #missing(params: object): MillraceError {
    const { task, file } = this.#recording;
    return new MillraceError("stand-in-failed", `${file} has no result of ${task} for ${JSON.stringify(params)}.`, {
      hint: 'Run the test once with MILLRACE_RECORD=missing to record it, or with record: "missing".',
      data: { task, file },
    });
  }
}
