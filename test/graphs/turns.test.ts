/** The turns that a realised graph tells, against loops whose turns are known: right wherever it says a number. */
import { type FlowGraph, type GraphNode, realiseGraph, type Site, type StepKey } from "@millrace/core";
import { seededRandom } from "@millrace/testing";
import { expect, test } from "vitest";

type RealisedStep = Parameters<typeof realiseGraph>[1][number];

/** A statement of a loop's body. */
type Statement =
  | { readonly type: "call"; readonly id: string }
  | { readonly type: "leave" }
  | { readonly type: "helper" | "loop"; readonly id: string; readonly body: readonly Statement[] }
  | {
      readonly type: "branch" | "try";
      readonly id: string;
      readonly arms: Readonly<Record<string, readonly Statement[]>>;
    };

const span = { file: "src/a.ts", line: 1, column: 1, endLine: 1, endColumn: 2 };

class RandomLoop {
  readonly nodes: GraphNode[] = [];
  readonly steps: RealisedStep[] = [];
  readonly body: readonly Statement[];
  readonly #random: () => number;
  #next = 0;

  constructor(seed: number) {
    this.#random = seededRandom("turns", seed);
    this.#node({ id: "loop", kind: "loop", text: "while", carries: [], span });
    this.body = this.#statements("loop", undefined, 0);
  }

  /** Number of turns that called something. */
  run(): number {
    const turns = Math.floor(this.#random() * 6);
    let calling = 0;
    for (let turn = 0; turn < turns; turn += 1) {
      const before = this.steps.length;
      this.#turn(this.body);
      if (this.steps.length > before) calling += 1;
    }
    return calling;
  }

  #chance(probability: number): boolean {
    return this.#random() < probability;
  }

  #node(node: object): void {
    this.nodes.push(node as GraphNode);
  }

  #statements(parent: string, arm: string | undefined, depth: number): readonly Statement[] {
    const count = 1 + Math.floor(this.#random() * 3);
    return Array.from({ length: count }, () => this.#statement(parent, arm, depth));
  }

  #statement(parent: string, arm: string | undefined, depth: number): Statement {
    this.#next += 1;
    const place = { parent, ...(arm === undefined ? {} : { arm }), span };
    const kind = this.#random() * (depth > 2 ? 0.6 : 1);
    const id = `n${this.#next}`;
    if (kind < 0.5) {
      this.#node({ id, kind: "call", task: "T", site: `F.run#${id}`, frames: [], ...place });
      return { type: "call", id };
    }
    if (kind < 0.6) return { type: "leave" };
    if (kind < 0.7) {
      this.#node({ id, kind: "procedure", name: "helper", site: `F.run#${id}`, frames: [], ...place });
      return { type: "helper", id, body: this.#statements(id, undefined, depth + 1) };
    }
    if (kind < 0.75) {
      this.#node({ id, kind: "loop", text: "while", carries: [], ...place });
      return { type: "loop", id, body: this.#statements(id, undefined, depth + 1) };
    }
    const type = kind < 0.93 ? "branch" : "try";
    this.#node(type === "branch" ? { id, kind: type, condition: "x", ...place } : { id, kind: type, ...place });
    const arms = type === "branch" ? ["then", "else"] : ["try", "catch"];
    return { type, id, arms: Object.fromEntries(arms.map((name) => [name, this.#statements(id, name, depth + 1)])) };
  }

  /** False if the turn, or the helper, is left. */
  #turn(statements: readonly Statement[]): boolean {
    for (const statement of statements) {
      switch (statement.type) {
        case "call":
          this.steps.push({
            node: statement.id,
            task: "T",
            key: `F/F.run#${statement.id}/${this.steps.length}` as StepKey,
          });
          break;
        case "leave":
          if (this.#chance(0.5)) return false;
          break;
        case "helper":
          this.#turn(statement.body);
          break;
        case "loop":
          while (this.#chance(0.5)) this.#turn(statement.body);
          break;
        case "branch": {
          const arm = statement.arms[this.#chance(0.5) ? "then" : "else"] ?? [];
          if (!this.#turn(arm)) return false;
          break;
        }
        case "try": {
          const fails = this.#chance(0.5);
          const tried = fails && this.#chance(0.5) ? [] : (statement.arms.try ?? []);
          if (!this.#turn(tried)) return false;
          if (fails && !this.#turn(statement.arms.catch ?? [])) return false;
        }
      }
    }
    return true;
  }
}

test("random loops: a number that is told is the number of turns that called something", () => {
  const told = { right: 0, open: 0 };
  for (let seed = 0; seed < 3000; seed += 1) {
    const loop = new RandomLoop(seed);
    const turns = loop.run();
    const graph: FlowGraph = { graphVersion: 1, nodes: loop.nodes, edges: [] };
    const [node] = realiseGraph(graph, loop.steps, {}).nodes;
    const note = node?.kind === "loop" ? /: (\d+) turns?$/.exec(node.text)?.[1] : undefined;
    if (note === undefined) told.open += turns > 0 ? 1 : 0;
    else {
      expect({ seed, turns: Number(note) }).toEqual({ seed, turns });
      told.right += 1;
    }
  }
  expect(told.right).toBeGreaterThan(told.open);
});

test("what a loop's callee hides leaves its turns open", () => {
  const hidden = {
    id: "hidden",
    kind: "dynamic",
    reason: "",
    candidates: [],
    site: "F.run#x" as Site,
    parent: "loop",
    span,
  };
  const nodes = [{ id: "loop", kind: "loop", text: "while (x)", carries: [], span }, hidden] as unknown as GraphNode[];
  const steps = [0, 1].map((ordinal) => ({ node: "hidden", task: "T", key: `F/F.run#x/${ordinal}` as StepKey }));
  const [loop] = realiseGraph({ graphVersion: 1, nodes, edges: [] }, steps, {}).nodes;
  expect(loop).toMatchObject({ text: "while (x)" });
});
