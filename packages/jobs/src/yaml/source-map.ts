/** Which place of the YAML each part of a job graph came from. */
import type { Span } from "@millrace/core";

/** A place. */
export interface JobPlace {
  /** How the file calls it: `tasks.fetch.parameters.city`. */
  readonly name: string;
  readonly span: Span;
  /** What stands there depends on a variable that has no value yet: nothing can be said about it. */
  readonly open?: boolean;
}

/** Places by paths of the graph: `nodes[3].params.city`. */
export class SourceMap {
  readonly #places = new Map<string, JobPlace>();

  set(path: string, place: JobPlace): void {
    this.#places.set(path, place);
  }

  /** The place of a path, else of the nearest that it lies in. */
  find(path: string): JobPlace | undefined {
    for (let at = path; ; at = at.slice(0, Math.max(at.lastIndexOf("."), at.lastIndexOf("["), 0))) {
      const place = this.#places.get(at);
      if (place || at === "") return place;
    }
  }
}
