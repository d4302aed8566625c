/** Functions of the starting process that the `local` nodes of a graph run on the main thread. */

/** What such a function is told beside its parameters. */
export interface LocalContext {
  /** Aborted when nobody waits for the function any more. */
  readonly signal: AbortSignal;
}

/** A function by the name that graphs know. `params` are decoded for it alone; the result is recorded. */
// biome-ignore lint/suspicious/noExplicitAny: who writes the function knows what the graph gives it; nothing checks that
export type LocalFunction = (params: any, context: LocalContext) => unknown;
