/** What starts a run of a job graph, beside the graph itself. */
import type { JobBuild } from "./job-build.js";
import type { JobGraph } from "./job-graph.js";
import type { LocalFunction } from "./local-function.js";

/** Anything that can be written down as a job graph. */
export interface ToJobGraph {
  toJobGraph(): JobGraph;
  /** What its `local` nodes run, by name: for the run that is started, beside what the engine has. */
  readonly locals?: Readonly<Record<string, LocalFunction>>;
  /** The tasks and flows that its nodes run, as classes: the engine says at once if it has not got one. */
  readonly classes?: readonly unknown[];
  /**
   * Looks at what was written, which knows more than the document: called with what the build has, before anything begins.
   * @throws MillraceError in the words of whoever wrote it.
   */
  check?(build: JobBuild): void;
}
