/** `Container`: a job that runs an image, wherever the engine runs containers. */

import type { CommandParams, CommandResult } from "./command.js";
import type { CodeJobOptions } from "./job.js";
import { JobBase, stepOptions } from "./job-base.js";
import type { JobWork } from "./job-model.js";
import type { OrResult } from "./job-result.js";

/** What a container is given, beside what commands are: its folder is there under its own path. */
export interface ContainerParams extends CommandParams {
  /** What follows the image, each as it is; results of other jobs may stand there. */
  readonly args?: readonly unknown[];
  /** The image's sha256. */
  readonly digest?: string;
  /** Name of the container. Default: one that nobody else has. */
  readonly name?: OrResult<string>;
  /** Address of the daemon that runs it. Default: here. */
  readonly host?: OrResult<string>;
}

/** `new Container("alpine:3.20", { args: ["echo", revision.result.at("stdout")] })`. */
export class Container extends JobBase<CommandResult> {
  readonly work: JobWork;

  constructor(image: string, params: ContainerParams = {}, options: CodeJobOptions = {}) {
    super(options, image.split("/").at(-1)?.split(/[:@]/, 1)[0] || "container");
    this.work = { type: "named", run: { container: image }, params, options: stepOptions(options) };
  }
}
