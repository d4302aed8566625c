/** What is asked of an export, and what it gives. */
import type { FlowEntry, JobGraph, Span } from "@millrace/core";

/** A flow of a build, and what it is to be given. */
export interface ExportRequest {
  /** Folder of the project, absolute. */
  readonly root: string;
  readonly flow: FlowEntry;
  /** Its parameters, checked: a job graph has none, so that they become part of it. */
  readonly params: Readonly<Record<string, unknown>>;
  /** Name of the graph. */
  readonly name: string;
}

/** Something of a flow that is no data. */
export interface ExportReason {
  readonly span: Span;
  /** A sentence. */
  readonly message: string;
}

/** The graph, or all that is in its way, in the order of the source. */
export type ExportedFlow = { readonly graph: JobGraph } | { readonly reasons: readonly ExportReason[] };
