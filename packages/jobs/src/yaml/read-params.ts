/**
 * The parameters of one task. References (`${{ tasks.fetch.result.rows }}`) become what the job graph has for them: a parameter that is a reference as a
 * whole takes the value, one with references in it is a text. A reference inside a mapping gives the parameter a path, one inside a list makes it a list of
 * parameters. `{ secret: { env: NAME } }` is a secret.
 */
import { isMillraceError, type JobParam, parseTemplate, Secret, type Span, suggestName } from "@millrace/core";
import type { ReportFinding } from "./findings.js";
import type { SourceMap } from "./source-map.js";
import { type Field, type FieldsTree, type Tree, wholeField } from "./tree.js";

/** A task whose result is taken. */
export interface TakenResult {
  readonly task: string;
  readonly span: Span;
}

/** Whose parameters are read, and into what. */
export interface ParamsTarget {
  /** The task. */
  readonly id: string;
  /** All tasks of the job. */
  readonly known: ReadonlySet<string>;
  /** `nodes[3].params`. */
  readonly path: string;
  /** `tasks.fetch.parameters`. */
  readonly name: string;
  readonly places: SourceMap;
  readonly report: ReportFinding;
}

/** What a task is given, and whose results it takes. */
export interface ReadParams {
  readonly params: Readonly<Record<string, JobParam>>;
  readonly taken: readonly TakenResult[];
}

/** Reads the field `parameters`. */
export function readParams(tree: FieldsTree, target: ParamsTarget): ReadParams {
  const reader = new ParamsReader(target);
  for (const [name, field] of tree.fields) reader.read([name], field);
  return { params: Object.fromEntries(reader.params), taken: reader.taken };
}

const OPENING = "${{";
const REFERENCE = /\$?\$\{\{(.*?)(?:\}\}|$)/gs;
const REFERENCE_HINT = `Write ${OPENING} tasks.<name>.result }} or, for a part, ${OPENING} tasks.<name>.result.<path> }}; $${OPENING} is the text itself.`;
const RESULT = /^tasks\.([^\s.]+)\.result((?:\.[^\s.]+)*)$/;

class ParamsReader {
  readonly params: [string, JobParam][] = [];
  readonly taken: TakenResult[] = [];
  readonly #target: ParamsTarget;

  constructor(target: ParamsTarget) {
    this.#target = target;
  }

  read(way: readonly string[], field: Field): void {
    const tree = field.value;
    const path = way.join(".");
    if (way.some((name) => name === "" || name.includes("."))) {
      const message = `"${way.at(-1)}" is no name of a parameter: names have no dots.`;
      return this.#target.report({ code: "job-invalid", span: tree.span, message });
    }
    if (tree.kind === "fields" && holdsReference(tree) && !secretOf(tree)) {
      for (const [name, inner] of tree.fields) this.read([...way, name], inner);
      return;
    }
    const param = this.#paramOf(tree);
    this.#place(path, tree, { span: wholeField(field), open: param === undefined });
    this.params.push([path, param ?? { value: "" }]);
  }

  /** Undefined if a reference is wrong. */
  #paramOf(tree: Tree): JobParam | undefined {
    if (isReferring(tree)) return this.#referring(tree, tree.value);
    if (!holdsReference(tree) || tree.kind === "leaf") return { value: this.#valueOf(tree) };
    const inner = childrenOf(tree).map((child) => this.#paramOf(child));
    const known = inner.filter((param) => param !== undefined);
    if (known.length < inner.length) return undefined;
    if (tree.kind === "list") return { list: known };
    return { fields: Object.fromEntries([...tree.fields.keys()].map((name, i) => [name, known[i] as JobParam])) };
  }

  /** Undefined if a reference is wrong. */
  #referring({ span }: Tree, text: string): JobParam | undefined {
    let wrong = false;
    const template = text.replace(REFERENCE, (whole, inside: string) => {
      if (whole.startsWith("$$")) return whole;
      const [, task, rest = ""] = RESULT.exec(inside.trim()) ?? [];
      if (task !== undefined && whole.endsWith("}}") && this.#take(task, span)) return `\${{ ${task}${rest} }}`;
      wrong = true;
      if (task === undefined || !whole.endsWith("}}"))
        this.#refuse(span, `${whole} is no reference to a result.`, REFERENCE_HINT);
      return "";
    });
    if (wrong) return undefined;
    const parts = parseTemplate(template);
    if ("wrong" in parts) return void this.#refuse(span, `The text ${parts.wrong}.`, REFERENCE_HINT);
    const [first, ...more] = parts;
    if (typeof first === "object" && more.length === 0)
      return { from: first.from, ...(first.path.length === 0 ? {} : { path: first.path.join(".") }) };
    return parts.every((part) => typeof part === "string") ? { value: parts.join("") } : { template };
  }

  /** True if there is such a result. */
  #take(task: string, span: Span): boolean {
    const { id, known } = this.#target;
    if (task !== id && known.has(task)) {
      this.taken.push({ task, span });
      return true;
    }
    if (task === id) this.#refuse(span, `"tasks.${id}" takes its own result.`, "Take that of another task.");
    else
      this.#refuse(
        span,
        `"tasks.${id}" takes the result of "${task}", which is no task of the job.`,
        suggestName(task, known, `There are ${[...known].join(", ")}.`),
      );
    return false;
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
  #place(path: string, tree: Tree, { span, open = false }: { readonly span: Span; readonly open?: boolean }): void {
    const { path: base, name, places } = this.#target;
    places.set(`${base}.${path}`, { name: `${name}.${path}`, span, open: open || isOpenWithin(tree) });
    if (tree.kind === "list")
      for (const [i, item] of tree.items.entries()) this.#place(`${path}[${i}]`, item, { span: item.span });
    if (tree.kind === "fields")
      for (const [key, inner] of tree.fields) this.#place(`${path}.${key}`, inner.value, { span: wholeField(inner) });
  }
}

interface SecretPlace {
  readonly source: "env" | "file";
  readonly key: string;
}

/** `{ secret: { env: NAME } }`, `{ secret: { file: path } }`. */
function secretOf(tree: FieldsTree): SecretPlace | undefined {
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

function holdsReference(tree: Tree): boolean {
  if (tree.kind === "leaf") return isReferring(tree);
  return childrenOf(tree).some(holdsReference);
}

function isOpenWithin(tree: Tree): boolean {
  return tree.kind === "leaf" ? tree.open === true : childrenOf(tree).some(isOpenWithin);
}

function childrenOf(tree: Exclude<Tree, { readonly kind: "leaf" }>): readonly Tree[] {
  return tree.kind === "list" ? tree.items : [...tree.fields.values()].map(({ value }) => value);
}
