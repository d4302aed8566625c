/** Commands, as whoever runs them gets them: what `shell` and `container` nodes become when their time has come. */

/** What commands of both kinds run in. */
export interface CommandSurroundings {
  /** Absolute. */
  readonly cwd: string;
  /** Variables: a command in bash has those of this process beside them, a container has these alone. */
  readonly env: Readonly<Record<string, string>>;
  /** Absolute paths of files: read from, and written anew by each attempt. */
  readonly stdin?: string;
  readonly stdout?: string;
  readonly stderr?: string;
  /** For the place that runs the command, which takes those that it knows. */
  readonly hints: Readonly<Record<string, unknown>>;
}

/** A command of a `shell` node: the parameters of its job. */
export interface ShellCommand extends CommandSurroundings {
  /** For bash. */
  readonly command: string;
}

/** A command of a `container` node: the parameters of its job. */
export interface ContainerCommand extends CommandSurroundings {
  /** With its tag or its digest: `alpine:3.20`, `alpine@sha256:…`. */
  readonly image: string;
  /** What follows the image: each is one argument, whatever is in it. */
  readonly args: readonly string[];
  /** Name of the container. Default: one that nobody else has. */
  readonly name?: string;
  /** Where containers run: the address of a daemon, such as `ssh://build-1`. Default: here. */
  readonly host?: string;
}

/** What there is to know of an attempt of a command beside the command. */
export interface CommandAttempt {
  /**
   * Names the attempt, 32 characters. It is the same when the attempt is made again because the process of its run died, and another
   * one for every attempt and whenever the step runs anew.
   */
  readonly attemptKey: string;
  /** What its step holds while it runs: `cpus`, `memory` (MiB) and others. */
  readonly resources: Readonly<Record<string, number>>;
  readonly tags: readonly string[];
}
