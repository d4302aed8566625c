/** Calls whose parameters or whose turn depend on steps that run: what they will be is not known before. */
import { type ActivationPath, type GraphIndex, type Influenced, influences } from "@millrace/core";

/** A call, by node and by the path under which it is counted. */
export interface TaintedCall {
  readonly node: string;
  readonly path: string;
}

/** What is unknown within one body. */
export class Tainted {
  readonly #body: ActivationPath;
  readonly #influences: ReadonlyMap<string, readonly Influenced[]>;
  /** Node → path under which all its calls are unknown → node of the step that runs. */
  readonly #nodes = new Map<string, Map<string, string>>();

  constructor(body: ActivationPath, graph: GraphIndex) {
    this.#body = body;
    this.#influences = influences(graph);
  }

  /** A step runs: what depends on it is unknown. `cause` is what people are told. */
  mark(call: TaintedCall, cause: string, isUnknown = false): void {
    for (const { node, sharedMaps, behind } of this.#influences.get(call.node) ?? []) {
      if (behind && !isUnknown) continue;
      const path = this.#within(call.path, sharedMaps);
      const paths = this.#nodes.get(node) ?? new Map<string, string>();
      if ([...paths.keys()].some((known) => isUnder(path, known))) continue;
      paths.set(path, cause);
      this.#nodes.set(node, paths);
      this.mark({ node, path }, cause, true);
    }
  }

  /** The step because of which a call is unknown; undefined if it is known. */
  causeOf({ node, path }: TaintedCall): string | undefined {
    for (const [known, cause] of this.#nodes.get(node) ?? []) if (isUnder(path, known)) return cause;
    return undefined;
  }

  /** All that is unknown: node and cause. */
  get nodes(): ReadonlyMap<string, string> {
    return new Map([...this.#nodes].map(([node, paths]) => [node, [...paths.values()][0] ?? ""]));
  }

  /** The path of the item around `path` that is as many maps deep. */
  #within(path: string, maps: number): string {
    const inside = path.slice(this.#body.length).split("/").slice(1);
    // Site, ordinal and item of each map.
    return [this.#body, ...inside.slice(0, maps * 3)].join("/");
  }
}

function isUnder(path: string, outer: string): boolean {
  return path === outer || path.startsWith(`${outer}/`);
}
