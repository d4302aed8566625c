import type { Span } from "@millrace/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { checkDependencies } from "./check-dependencies.js";
import type { JobFinding } from "./findings.js";
import type { ReadTask } from "./read-task.js";

const span = (line: number): Span => ({ file: "job.yaml", line, column: 1, endLine: line, endColumn: 2 });

/** Tasks `t0`, `t1`, … with what each waits for. */
function check(waits: readonly (readonly number[])[]): { edges: number; findings: JobFinding[] } {
  const findings: JobFinding[] = [];
  const tasks = waits.map(
    (of, i): ReadTask => ({
      node: { id: `t${i}`, run: { task: "W" } },
      key: span(i),
      dependencies: of.map((n) => ({ task: `t${n}`, span: span(100 * i + n + 1) })),
      taken: [],
    }),
  );
  const known = { names: new Set(tasks.map(({ node }) => node.id)), wholly: true };
  return { edges: checkDependencies(tasks, known, (finding) => void findings.push(finding)).length, findings };
}

test("a cycle is found if there is one, and each of its edges is shown in order", () => {
  const lists = fc.array(fc.uniqueArray(fc.nat(7), { maxLength: 3 }), { minLength: 8, maxLength: 8 });
  fc.assert(
    fc.property(lists, (drawn) => {
      const waits = drawn.map((of, i) => of.filter((n) => n !== i));
      const { findings } = check(waits);
      expect(findings.length).toBe(isCyclic(waits) ? 1 : 0);
      const [found] = findings;
      if (!found) return;
      const names = (/begin: (.*)\.$/.exec(found.message)?.[1] ?? "")
        .split(" waits for ")
        .map((name) => Number(name.slice(1)));
      expect(names.at(-1)).toBe(names[0]);
      for (const [i, task] of names.slice(0, -1).entries()) expect(waits[task]).toContain(names[i + 1]);
      const lines = [found.span, ...(found.related ?? []).map((related) => related.span)].map(({ line }) => line);
      expect(lines).toEqual(names.slice(0, -1).map((task, i) => 100 * task + (names[i + 1] ?? 0) + 1));
    }),
    { seed: 58, numRuns: 500 },
  );
});

test("a chain of thousands is walked, and a cycle of thousands told in one sentence", () => {
  const chain = Array.from({ length: 20_000 }, (_, i) => (i === 0 ? [] : [i - 1]));
  expect(check(chain)).toEqual({ edges: 19_999, findings: [] });
  const [found] = check([[19_999], ...chain.slice(1)]).findings;
  expect(found?.message).toContain("… 19989 others …");
  expect(found?.related?.length).toBe(11);
});

/** By leaving out, again and again, what waits for nothing that is left. */
function isCyclic(waits: readonly (readonly number[])[]): boolean {
  let left = new Set(waits.keys());
  for (let size = -1; size !== left.size; ) {
    size = left.size;
    left = new Set([...left].filter((i) => waits[i]?.some((n) => left.has(n))));
  }
  return left.size > 0;
}
