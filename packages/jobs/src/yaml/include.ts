/**
 * A job file together with what it includes. Each file is laid over the ones before it: first what it includes, in order, then the file itself.
 * A file that is reached in several ways counts once, where it is reached first.
 */
import { dirname, resolve } from "node:path";
import type { RelatedSpan, Span } from "@millrace/core";
import { withFullNames } from "./field-names.js";
import type { JobFinding, ReportFinding } from "./findings.js";
import { mergeTrees } from "./merge-trees.js";
import { parseFile } from "./parse-file.js";
import { type FieldsTree, noFields, type Tree, treeWords } from "./tree.js";

/** What files are read with. */
export interface IncludeReading {
  /** The text of a file by its absolute path; undefined if it cannot be read. */
  readonly read: (path: string) => string | undefined;
  /** A file as spans name it. */
  readonly shown: (path: string) => string;
  /** Replaces the variables of a tree. */
  readonly substitute: (tree: Tree) => Tree;
  readonly report: ReportFinding;
}

/** A file on the way from the job file to where the reading is. */
interface Step {
  readonly path: string;
  /** Where the file before it includes it. */
  readonly from: Span | undefined;
}

/** All that a job file says; `include` and `aliases` are gone. Undefined if the file itself cannot be read. `path` is absolute. */
export function readWithIncludes(path: string, reading: IncludeReading): FieldsTree | undefined {
  const reader = new IncludeReader(reading);
  reader.visit({ path, from: undefined });
  const own = reader.trees.get(path);
  if (!own) return undefined;
  const all = [...reader.trees.values()].reduce(
    (lower, upper) => mergeTrees(lower, upper, reading.report),
    noFields(own.span),
  );
  // Both are for the files alone: what stands below `aliases` is there to be repeated elsewhere.
  return { ...all, fields: new Map([...all.fields].filter(([name]) => name !== "include" && name !== "aliases")) };
}

class IncludeReader {
  /** In the order in which they are laid over each other. */
  readonly trees = new Map<string, FieldsTree>();
  readonly #reading: IncludeReading;
  readonly #way: Step[] = [];
  readonly #done = new Set<string>();

  constructor(reading: IncludeReading) {
    this.#reading = reading;
  }

  visit(step: Step): void {
    const { path } = step;
    const { shown, report } = this.#reading;
    if (this.#way.some((open) => open.path === path)) {
      const files = [...this.#way.slice(this.#way.findIndex((open) => open.path === path)), step];
      return this.#refuse(
        step,
        `The files include each other: ${files.map((one) => shown(one.path)).join(" includes ")}.`,
      );
    }
    if (this.#done.has(path)) return;
    this.#done.add(path);
    const text = this.#reading.read(path);
    if (text === undefined) return this.#refuse(step, `There is no file ${shown(path)} that could be read.`);
    const tree = parseFile({ file: shown(path), text }, report);
    if (!tree) return;
    if (tree.kind !== "fields") {
      const other = tree.kind === "list" ? " A list of commands is for `flow project run`." : "";
      const message = `A job file is a mapping with "tasks", not ${treeWords(tree)}.${other}`;
      return report({ code: "job-invalid", span: tree.span, message });
    }
    this.#way.push(step);
    for (const [included, from] of this.#includesOf(tree)) this.visit({ path: resolve(dirname(path), included), from });
    this.#way.pop();
    this.trees.set(path, withFullNames(tree, report));
  }

  #includesOf(tree: FieldsTree): readonly (readonly [string, Span])[] {
    const field = tree.fields.get("include");
    if (!field) return [];
    const { kind } = field.value;
    const items = field.value.kind === "list" ? field.value.items : [field.value];
    return items.flatMap((item) => {
      const path = this.#reading.substitute(item);
      if (kind !== "fields" && path.kind === "leaf" && typeof path.value === "string" && path.value !== "")
        return [[path.value, path.span] as const];
      const message = `"include" must be a list of paths, relative to this file, not ${treeWords(item)}.`;
      this.#reading.report({ code: "job-include-invalid", span: item.span, message });
      return [];
    });
  }

  /** The finding stands where the last file is asked for; how the reading came there stands beside it. */
  #refuse({ path, from }: Step, message: string): void {
    const { shown, report } = this.#reading;
    const related = this.#way.flatMap((open): readonly RelatedSpan[] =>
      open.from ? [{ span: open.from, message: `includes ${shown(open.path)}` }] : [],
    );
    const start: Span = { file: shown(path), line: 1, column: 1, endLine: 1, endColumn: 2 };
    const finding: JobFinding = { code: "job-include-invalid", span: from ?? start, message, related };
    report(from ? { ...finding, hint: "Paths are relative to the file that includes them." } : finding);
  }
}
