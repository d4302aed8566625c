/**
 * Values with references in them (`${{ tasks.fetch.result.rows }}`), as documents have them: what is a reference as a whole takes the value, a text with
 * references in it is a template. `{ secret: { env: NAME } }` is a secret.
 */
import { isMillraceError, type JobParam, parseTemplate, Secret, type Span } from "@millrace/core";
import type { ReportFinding } from "./findings.js";
import type { SourceMap } from "./source-map.js";
import { childrenOf, type FieldsTree, holdsOpen, type Tree, wholeField } from "./tree.js";

/** What references there may be. */
export interface References {
  /** `to`: the reference as documents have it. `unknown`: it is none. `refused`: what is wrong with it has been reported. */
  read(inside: string, span: Span): { readonly to: string } | "unknown" | "refused";
  /** How they are written. */
  readonly hint: string;
}

/** What values are read into. */
export interface ValuesTarget {
  readonly references: References;
  /** Of what holds them, in the document: `nodes[3].params`. */
  readonly path: string;
  /** The same as the file calls it: `tasks.fetch.parameters`. */
  readonly name: string;
  readonly places: SourceMap;
  readonly report: ReportFinding;
}

const OPENING = "${{";
const REFERENCE = /\$?\$\{\{(.*?)(?:\}\}|$)/gs;

/** Reads values. */
export class ValueReader {
  readonly #target: ValuesTarget;

  constructor(target: ValuesTarget) {
    this.#target = target;
  }

  /** A value as a parameter; undefined if a reference is wrong. */
  read(tree: Tree): JobParam | undefined {
    if (isReferring(tree)) return this.#referring(tree, tree.value);
    if (!holdsReference(tree) || tree.kind === "leaf") return { value: this.#valueOf(tree) };
    const inner = childrenOf(tree).map((child) => this.read(child));
    const known = inner.filter((param) => param !== undefined);
    if (known.length < inner.length) return undefined;
    if (tree.kind === "list") return { list: known };
    return { fields: Object.fromEntries([...tree.fields.keys()].map((name, i) => [name, known[i] as JobParam])) };
  }

  /** Undefined if a reference is wrong. */
  #referring({ span }: Tree, text: string): JobParam | undefined {
    const { references } = this.#target;
    let wrong = false;
    const template = text.replace(REFERENCE, (whole, inside: string) => {
      if (whole.startsWith("$$")) return whole;
      const read = whole.endsWith("}}") ? references.read(inside.trim(), span) : "unknown";
      if (typeof read === "object") return `\${{ ${read.to} }}`;
      wrong = true;
      if (read === "unknown") this.#refuse(span, `${whole} is no reference to a result.`, references.hint);
      return "";
    });
    if (wrong) return undefined;
    const parts = parseTemplate(template);
    if ("wrong" in parts) return void this.#refuse(span, `The text ${parts.wrong}.`, references.hint);
    const [first, ...more] = parts;
    if (typeof first === "object" && more.length === 0)
      return { from: first.from, ...(first.path.length === 0 ? {} : { path: first.path.join(".") }) };
    return parts.every((part) => typeof part === "string") ? { value: parts.join("") } : { template };
  }

  #refuse(span: Span, message: string, hint: string): void {
    this.#target.report({ code: "job-reference-invalid", span, message, hint });
  }

  #valueOf(tree: Tree): unknown {
    if (tree.kind === "leaf") return tree.value;
    if (tree.kind === "list") return tree.items.map((item) => this.#valueOf(item));
    const secret = secretOf(tree);
    if (secret) return this.#secret(secret, tree.span);
    return Object.fromEntries([...tree.fields].map(([name, { value }]) => [name, this.#valueOf(value)]));
  }

  #secret({ source, key }: SecretPlace, span: Span): Secret | undefined {
    try {
      return source === "env" ? Secret.env(key) : Secret.file(key);
    } catch (error) {
      if (!isMillraceError(error)) throw error;
      this.#target.report({ code: "job-invalid", span, message: error.message });
      return undefined;
    }
  }

  /** The value and all that is in it, so that what is wrong inside is shown there. */
  place(path: string, tree: Tree, { span, open = false }: { readonly span: Span; readonly open?: boolean }): void {
    const { path: base, name, places } = this.#target;
    places.set(`${base}.${path}`, { name: `${name}.${path}`, span, open: open || holdsOpen(tree) });
    if (tree.kind === "list")
      for (const [i, item] of tree.items.entries()) this.place(`${path}[${i}]`, item, { span: item.span });
    if (tree.kind === "fields")
      for (const [key, inner] of tree.fields) this.place(`${path}.${key}`, inner.value, { span: wholeField(inner) });
  }
}

interface SecretPlace {
  readonly source: "env" | "file";
  readonly key: string;
}

/** `{ secret: { env: NAME } }`, `{ secret: { file: path } }`; undefined for other mappings. */
export function secretOf(tree: FieldsTree): SecretPlace | undefined {
  const inner = tree.fields.get("secret")?.value;
  if (tree.fields.size !== 1 || inner?.kind !== "fields" || inner.fields.size !== 1) return undefined;
  for (const source of ["env", "file"] as const) {
    const key = inner.fields.get(source)?.value;
    if (key?.kind === "leaf" && typeof key.value === "string") return { source, key: key.value };
  }
  return undefined;
}

function isReferring(tree: Tree): tree is Tree & { readonly value: string } {
  return (
    tree.kind === "leaf" && typeof tree.value === "string" && tree.style !== "literal" && tree.value.includes(OPENING)
  );
}

/** True if there is a reference in it, at any depth. */
export function holdsReference(tree: Tree): boolean {
  if (tree.kind === "leaf") return isReferring(tree);
  return childrenOf(tree).some(holdsReference);
}
