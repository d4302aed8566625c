/** Reads the fields of one mapping: which there are, and of what form. A field without a value counts as not given. */
import { type Duration, parseDuration, suggestName } from "@millrace/core";
import type { ReportFinding } from "./findings.js";
import type { Field, FieldsTree, Tree } from "./tree.js";
import { treeWords } from "./tree.js";

/** One mapping of a job file. */
export class FieldReader {
  readonly #tree: FieldsTree;
  /** How messages call it: `tasks.fetch`; empty for the whole file. */
  readonly name: string;
  readonly #report: ReportFinding;

  constructor(tree: FieldsTree, name: string, report: ReportFinding) {
    this.#tree = tree;
    this.name = name;
    this.#report = report;
  }

  /** How messages call a field. */
  nameOf(field: string): string {
    return this.name === "" ? field : `${this.name}.${field}`;
  }

  /**
   * Reports the fields that nobody reads; true if there are none.
   * @param refused What to say of fields that people may expect here, as the end of a sentence.
   */
  expect(known: readonly string[], refused: Readonly<Record<string, string>> = {}): boolean {
    let all = true;
    for (const [name, { key }] of this.#tree.fields) {
      if (known.includes(name)) continue;
      all = false;
      const reason = Object.hasOwn(refused, name) ? refused[name] : undefined;
      const message = `"${this.nameOf(name)}" ${reason ?? "is no field of a job"}.`;
      const hint = reason === undefined ? suggestName(name, known, `There are ${known.join(", ")}.`) : "Remove it.";
      this.#report({ code: "job-invalid", span: key, message, hint });
    }
    return all;
  }

  /** A field that has a value. */
  field(name: string): Field | undefined {
    const field = this.#tree.fields.get(name);
    return field?.value.kind === "leaf" && field.value.value === null ? undefined : field;
  }

  /** What a reader makes of a field; reported if the reader makes nothing of it. `words` say what it has to be. */
  take<T>(name: string, words: string, read: (tree: Tree) => T | undefined): T | undefined {
    const tree = this.field(name)?.value;
    if (!tree) return undefined;
    const found = read(tree);
    if (found === undefined && !isOpen(tree)) this.#refuse(name, words, tree);
    return found;
  }

  #refuse(name: string, words: string, tree: Tree): void {
    const message = `"${this.nameOf(name)}" must be ${words}, not ${treeWords(tree)}.`;
    this.#report({ code: "job-invalid", span: tree.span, message });
  }
}

/** A text that is not empty. */
export function textOf(tree: Tree): string | undefined {
  return tree.kind === "leaf" && typeof tree.value === "string" && tree.value !== "" ? tree.value : undefined;
}

/** A duration with its unit: numbers alone mean milliseconds to the engine and seconds to many people. */
export function durationOf(tree: Tree): Duration | undefined {
  const text = textOf(tree);
  return parseDuration(text) === undefined ? undefined : (text as Duration);
}

/** True or false. */
export function flagOf(tree: Tree): boolean | undefined {
  return tree.kind === "leaf" && typeof tree.value === "boolean" ? tree.value : undefined;
}

/** A whole number. */
export function integerOf(tree: Tree): number | undefined {
  return tree.kind === "leaf" && Number.isInteger(tree.value) ? (tree.value as number) : undefined;
}

/** Fields. */
export function fieldsOf(tree: Tree): FieldsTree | undefined {
  return tree.kind === "fields" ? tree : undefined;
}

/** True where a variable without a value stands. */
export function isOpen(tree: Tree): boolean {
  return tree.kind === "leaf" && tree.open === true;
}
