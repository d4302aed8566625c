/** Micro-averaged precision and recall of graphs, by kind: what is counted is the lines of graph-text.ts. */

/** A kind that is scored by itself. */
export type ScoredKind = "node" | "data" | "control" | "order";

/** How well graphs meet what was expected of them. */
export interface Score {
  readonly kind: ScoredKind;
  /** Lines expected, given, and both. */
  readonly expected: number;
  readonly given: number;
  readonly right: number;
  /** Expected lines that were not given. */
  readonly missing: number;
  /** Of what was given, the share that was expected; 1 if nothing was given. */
  readonly precision: number;
  /** Of what was expected, the share that was given; 1 if nothing was expected. */
  readonly recall: number;
}

const KINDS: readonly ScoredKind[] = ["node", "data", "control", "order"];

/** Counts over any number of graphs. */
export class Scores {
  readonly #counts = new Map<ScoredKind, { expected: number; given: number; right: number }>();

  /** Adds one graph, as text. */
  add(expected: string, given: string): void {
    for (const kind of KINDS) {
      const known = this.#counts.get(kind) ?? { expected: 0, given: 0, right: 0 };
      this.#counts.set(kind, known);
      const left = linesOf(expected, kind);
      known.expected += left.length;
      for (const line of linesOf(given, kind)) {
        known.given += 1;
        const at = left.indexOf(line);
        if (at < 0) continue;
        known.right += 1;
        left.splice(at, 1);
      }
    }
  }

  rows(): readonly Score[] {
    return [...this.#counts].map(([kind, { expected, given, right }]) => ({
      kind,
      expected,
      given,
      right,
      missing: expected - right,
      precision: given === 0 ? 1 : right / given,
      recall: expected === 0 ? 1 : right / expected,
    }));
  }

  of(kind: ScoredKind): Score | undefined {
    return this.rows().find((row) => row.kind === kind);
  }

  /** A line for each kind. */
  table(): string {
    const lines = this.rows().map(
      ({ kind, expected, precision, recall }) =>
        `${kind.padEnd(8)} ${String(expected).padStart(4)} expected, precision ${precision.toFixed(2)}, recall ${recall.toFixed(2)}`,
    );
    return lines.join("\n");
  }
}

function linesOf(text: string, kind: ScoredKind): string[] {
  return text.split("\n").filter((line) => line !== "" && kindOf(line) === kind);
}

function kindOf(line: string): ScoredKind {
  if (line.startsWith("node ")) return "node";
  const [, , , , word] = line.split(" ");
  return word === "control" || word === "order" ? word : "data";
}
