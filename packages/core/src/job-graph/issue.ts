/** What is wrong with a job graph. */

/** One thing that is wrong. */
export interface JobGraphIssue {
  /** Where: `nodes[3].params.city`. */
  readonly path: string;
  /** What, as the end of a sentence that begins with the path. */
  readonly message: string;
  /** Where inside the value of a parameter: `rows[0].name`; absent if it is the whole. */
  readonly within?: string;
}

/** Takes an issue down; nothing is thrown before all have been found. */
export type Report = (path: string, message: string, within?: string) => void;
