/** Edges are never drawn: they follow from what tasks say of each other. All of them stand within one source. */
import { suggestName } from "@millrace/core";
import { type Directives, type Task, textsOf } from "./task.js";

/** `to` waits for `from`; names of tasks. */
export interface TaskEdge {
  readonly from: string;
  readonly to: string;
}

/** Something that a task says of others and that does not hold. */
export interface EdgeIssue {
  readonly task: string;
  readonly directive: string;
  readonly message: string;
}

/** Edges of tasks whose names are unique: each once, sorted. */
export interface DerivedEdges {
  readonly edges: readonly TaskEdge[];
  readonly issues: readonly EdgeIssue[];
}

/** Derives the edges among tasks. A pattern never leads a task to itself, and `after-re` and `before-re` may meet nothing. */
export function deriveEdges(tasks: readonly Pick<Task, "name" | "directives">[]): DerivedEdges {
  const names = new Set(tasks.map(({ name }) => name));
  const makers = makersOf(tasks);
  const edges = new Map<string, TaskEdge>();
  const issues: EdgeIssue[] = [];
  for (const { name, directives } of tasks) {
    const add = (from: string, to: string): void => void edges.set(`${from} ${to}`, { from, to });
    const report = (directive: string, message: string): void => void issues.push({ task: name, directive, message });
    for (const [directive, connect] of [
      ["after", (other: string) => add(other, name)],
      ["before", (other: string) => add(name, other)],
    ] as const) {
      for (const other of textsOf(directives[directive])) {
        if (names.has(other)) connect(other);
        else
          report(
            directive,
            `names "${other}", which is no task. ${suggestName(other, names, "Name one of its source")}`,
          );
      }
      for (const other of matching(names, directives[`${directive}-re`])) if (other !== name) connect(other);
    }
    for (const input of textsOf(directives.input)) {
      const found = makers.get(input);
      if (!found)
        report(
          "input",
          `is "${input}", and no task has such an output. ${suggestName(input, makers.keys(), "Add it to the `output` of the task that makes it")}`,
        );
      for (const maker of found ?? []) if (maker !== name) add(maker, name);
    }
    for (const source of textsOf(directives["input-re"])) {
      const found = matching(makers.keys(), source);
      if (found.length === 0) report("input-re", `is "${source}", which meets no output of a task`);
      for (const maker of found.flatMap((output) => makers.get(output) ?? [])) if (maker !== name) add(maker, name);
    }
  }
  return { edges: [...edges.values()].sort(byEnds), issues };
}

/** Output → names of the tasks that make it. */
function makersOf(
  tasks: readonly { readonly name: string; readonly directives: Directives }[],
): ReadonlyMap<string, readonly string[]> {
  const makers = new Map<string, string[]>();
  for (const { name, directives } of tasks)
    for (const output of textsOf(directives.output)) {
      const known = makers.get(output);
      if (known) known.push(name);
      else makers.set(output, [name]);
    }
  return makers;
}

function matching(texts: Iterable<string>, sources: Directives["after-re"]): readonly string[] {
  const patterns = textsOf(sources).map((source) => new RegExp(`^(?:${source})$`, "s"));
  return patterns.length === 0 ? [] : [...texts].filter((text) => patterns.some((pattern) => pattern.test(text)));
}

function byEnds(a: TaskEdge, b: TaskEdge): number {
  return compare(a.from, b.from) || compare(a.to, b.to);
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
