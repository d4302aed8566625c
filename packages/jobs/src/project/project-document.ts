/** The recorded project as a node-link document, the form that graph tools read: `nodes[].id/obj`, `links[].source/target`. */
import {
  type PastTask,
  PROJECT_VERSION,
  projectEdges,
  type RecordedProject,
  type RecordedTask,
  type SourcePipeline,
} from "./recorded-project.js";

/** The document. Its links are derived: they are written for others and never read. */
export interface ProjectDocument {
  readonly directed: true;
  readonly multigraph: false;
  readonly graph: {
    /** Version of this document. */
    readonly millrace_project: number;
    readonly history: readonly PastTask[];
    /** Id of a run whose record has not been taken over. */
    readonly run?: string;
    readonly pipelines?: readonly SourcePipeline[];
  };
  readonly nodes: readonly {
    /** Name of the task. */
    readonly id: string;
    readonly obj: Omit<RecordedTask, "name">;
  }[];
  readonly links: readonly { readonly source: string; readonly target: string }[];
}

/** A project as a document. */
export function projectDocument(project: RecordedProject): ProjectDocument {
  return {
    directed: true,
    multigraph: false,
    graph: {
      millrace_project: PROJECT_VERSION,
      ...(project.run === undefined ? {} : { run: project.run }),
      ...(project.pipelines === undefined ? {} : { pipelines: project.pipelines }),
      history: project.history,
    },
    nodes: project.tasks.map(({ name, ...obj }) => ({ id: name, obj })),
    links: projectEdges(project).map(({ from, to }) => ({ source: from, target: to })),
  };
}
