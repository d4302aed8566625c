/** What a YAML file holds, each part with the place that it came from: the form that all stages behind the parser read. */
import type { Span } from "@millrace/core";

/** A part of a file. */
export type Tree = Leaf | ListTree | FieldsTree;

/** Text, number, boolean or null. */
export interface Leaf {
  readonly kind: "leaf";
  readonly value: string | number | boolean | null;
  /** How it was written: `literal` is in single quotes, where nothing is replaced; `quoted` stays a text whatever it holds. */
  readonly style: "plain" | "quoted" | "literal";
  readonly span: Span;
  /** Set if it stands for a variable without a value, which the reading was told to accept. */
  readonly open?: true;
}

/** A list. */
export interface ListTree {
  readonly kind: "list";
  readonly items: readonly Tree[];
  /** `!append`: it goes behind the list of the file that is included, instead of in its place. */
  readonly appends: boolean;
  readonly span: Span;
}

/** Values by name. */
export interface FieldsTree {
  readonly kind: "fields";
  readonly fields: ReadonlyMap<string, Field>;
  readonly span: Span;
}

/** A value and the place of its name. */
export interface Field {
  readonly key: Span;
  readonly value: Tree;
}

/** From its name to the end of its value, if both stand in one file. */
export function wholeField({ key, value }: Field): Span {
  return key.file === value.span.file ? { ...key, endLine: value.span.endLine, endColumn: value.span.endColumn } : key;
}

/** No fields. */
export function noFields(span: Span): FieldsTree {
  return { kind: "fields", fields: new Map(), span };
}

/** A tree with other fields in its place. */
export function withFields(tree: FieldsTree, change: (name: string, field: Field) => Field): FieldsTree {
  return { ...tree, fields: new Map([...tree.fields].map(([name, field]) => [name, change(name, field)])) };
}

/** What stands directly in it. */
export function childrenOf(tree: ListTree | FieldsTree): readonly Tree[] {
  return tree.kind === "list" ? tree.items : [...tree.fields.values()].map(({ value }) => value);
}

/** True if a variable without a value stands in it, at any depth. */
export function holdsOpen(tree: Tree): boolean {
  return tree.kind === "leaf" ? tree.open === true : childrenOf(tree).some(holdsOpen);
}

/** The values alone. */
export function plainValue(tree: Tree): unknown {
  if (tree.kind === "leaf") return tree.value;
  if (tree.kind === "list") return tree.items.map(plainValue);
  return Object.fromEntries([...tree.fields].map(([name, { value }]) => [name, plainValue(value)]));
}

/** What it is, for people. */
export function treeWords(tree: Tree): string {
  if (tree.kind === "list") return "a list";
  if (tree.kind === "fields") return "a mapping";
  return tree.value === null ? "nothing" : JSON.stringify(tree.value);
}
