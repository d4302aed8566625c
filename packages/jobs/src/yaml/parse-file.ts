/**
 * The text of one file as a tree: YAML 1.2 with its core schema. Anchors and aliases are YAML's own; merge keys and tags are
 * refused, but `!append` before a list.
 */
import type { Span } from "@millrace/core";
import { isAlias, isMap, isScalar, isSeq, type Node, type Range, type Scalar, type YAMLMap, type YAMLSeq } from "yaml";
import { type Composed, composeDocument } from "./compose-document.js";
import type { JobFinding, ReportFinding } from "./findings.js";
import { type Field, type FieldsTree, type Leaf, noFields, type Tree } from "./tree.js";

/** So many values a job file may hold, those that aliases repeat included. */
const MAX_VALUES = 100_000;

/** Names that lead to what objects inherit, or mean something to other YAML. */
const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype", "<<"]);

const APPEND = "!append";
const CORE_TAG = /^tag:yaml\.org,2002:(?:str|int|float|bool|null|map|seq)$/;

/** A file. */
export interface JobSource {
  /** As spans name it. */
  readonly file: string;
  readonly text: string;
}

/** What the file holds; empty fields for an empty file, undefined where it does not parse. */
export function parseFile(source: JobSource, report: ReportFinding, maxValues: number = MAX_VALUES): Tree | undefined {
  return new FileParser(source, report, { maxValues }).parse();
}

/** The same for a text that has been read as JSON, whatever its size: nothing in it is repeated by aliases. */
export function parseJsonFile(source: JobSource, maxDepth: number): Tree | undefined {
  return new FileParser(source, () => {}, { maxValues: Number.POSITIVE_INFINITY, maxDepth }).parse();
}

/** How much a file may hold. */
interface FileLimits {
  readonly maxValues: number;
  /** So deep values may stand in each other. Default: as for all YAML. */
  readonly maxDepth?: number;
}

class FileParser {
  readonly #source: JobSource;
  readonly #report: ReportFinding;
  readonly #maxValues: number;
  readonly #document: Composed;
  readonly #anchors = new Map<string, Node>();
  /** What is being read, from the root on: an alias to one of these would have no end. */
  readonly #open = new Set<Node>();
  #values = 0;
  /** The alias whose content is being read; of aliases in each other, the outermost. */
  #repeating: Span | undefined;

  constructor(source: JobSource, report: ReportFinding, { maxValues, maxDepth }: FileLimits) {
    this.#maxValues = maxValues;
    this.#source = source;
    this.#document = composeDocument(source.text, maxDepth);
    this.#report = report;
  }

  parse(): Tree | undefined {
    const { file } = this.#source;
    if ("wrong" in this.#document) {
      const { wrong, at, hint } = this.#document;
      this.#refuse(this.#span(...at), `This is no YAML of a job: ${wrong}.`, hint);
      return undefined;
    }
    const start: Span = { file, line: 1, column: 1, endLine: 1, endColumn: 2 };
    const { contents } = this.#document;
    return contents === null ? noFields(start) : this.#tree(contents, start);
  }

  /** `around`: the place of a value that is not written. */
  #tree(node: Node | null, around: Span): Tree | undefined {
    this.#values += 1;
    if (node === null) return { kind: "leaf", value: null, style: "plain", span: around };
    const span = this.#place(node, around);
    if (this.#values > this.#maxValues) {
      // Said once: whoever asks further gets nothing.
      if (this.#values === this.#maxValues + 1)
        this.#refuse(
          this.#repeating ?? span,
          `The file holds more than ${this.#maxValues} values, with what its aliases repeat.`,
          "Give large data to a task as a file.",
        );
      return undefined;
    }
    if (isAlias(node)) return this.#alias(node.source, span);
    if (!this.#isKnownTag(node)) return undefined;
    const { anchor } = node as { readonly anchor?: string };
    // Repeated content sets no anchors: they would hide newer ones of the same name.
    if (anchor !== undefined && !this.#repeating) this.#anchors.set(anchor, node);
    this.#open.add(node);
    try {
      if (isMap(node)) return this.#fields(node, span);
      if (isSeq(node)) return this.#list(node, span);
      return isScalar(node) ? this.#leaf(node, span) : undefined;
    } finally {
      this.#open.delete(node);
    }
  }

  #alias(name: string, span: Span): Tree | undefined {
    const node = this.#anchors.get(name);
    if (!node || this.#open.has(node)) {
      const what = node ? "a value that it is part of, which has no end" : "an anchor that is not above it";
      this.#refuse(span, `The alias *${name} names ${what}.`);
      return undefined;
    }
    const before = this.#repeating;
    this.#repeating ??= span;
    const tree = this.#tree(node, span);
    this.#repeating = before;
    return tree;
  }

  #isKnownTag(node: Node): boolean {
    const { tag } = node as { readonly tag?: string };
    if (tag === undefined || CORE_TAG.test(tag) || (tag === APPEND && isSeq(node))) return true;
    const text = tag.replace(/^tag:yaml\.org,2002:/, "!!");
    const message = tag === APPEND ? `${APPEND} stands before a list alone.` : `The tag ${text} means nothing here.`;
    // The range of a node begins behind its tag.
    const start = this.#source.text.lastIndexOf("!", (node.range?.[0] ?? 1) - 1);
    const at = this.#span(Math.max(start, 0), node.range?.[1] ?? start + 1);
    this.#refuse(at, message, `The only tag of job files is ${APPEND}, before a list.`);
    return false;
  }

  #fields(node: YAMLMap, span: Span): FieldsTree {
    const fields = new Map<string, Field>();
    for (const pair of node.items) {
      // `stringKeys`: every key is a scalar that holds a text.
      const key = pair.key as Scalar<string>;
      const place = this.#place(key, span);
      if (FORBIDDEN_KEYS.has(key.value)) {
        const hint = key.value === "<<" ? "Repeat the fields, or put them into a file that is included." : undefined;
        this.#refuse(place, `The name ${key.value} cannot be used here.`, hint);
        continue;
      }
      const value = this.#tree(pair.value as Node | null, place);
      if (value) fields.set(key.value, { key: place, value });
    }
    return { kind: "fields", fields, span };
  }

  #list(node: YAMLSeq, span: Span): Tree {
    const items = node.items.flatMap((item) => this.#tree(item as Node | null, span) ?? []);
    for (const item of items)
      if (item.kind === "list" && item.appends)
        this.#refuse(item.span, `${APPEND} stands before the list of a field, not before one in a list.`);
    return { kind: "list", items, appends: node.tag === APPEND, span };
  }

  #leaf(node: Scalar, span: Span): Leaf | undefined {
    const { value, type, source = "" } = node;
    const style = type === "QUOTE_SINGLE" ? "literal" : type === "PLAIN" ? "plain" : "quoted";
    if (
      typeof value === "number" &&
      Number.isInteger(value) &&
      !Number.isSafeInteger(value) &&
      /^[-+]?\d+$/.test(source)
    ) {
      this.#refuse(span, `${source} has more digits than a number keeps.`, `Put it in quotes: "${source}".`);
      return undefined;
    }
    // What the core schema makes of a scalar is one of these.
    return { kind: "leaf", value: value as Leaf["value"], style, span };
  }

  #place({ range }: { readonly range?: Range | null | undefined }, around: Span): Span {
    return range ? this.#span(range[0], range[1]) : around;
  }

  /** At least one column wide. */
  #span(start: number, end: number): Span {
    const { file, text } = this.#source;
    const from = this.#document.lines.linePos(Math.min(start, text.length));
    const trimmed = start + text.slice(start, end).trimEnd().length;
    const to = this.#document.lines.linePos(Math.min(Math.max(trimmed, start + 1), text.length + 1));
    const endColumn = to.line === from.line ? Math.max(to.col, from.col + 1) : to.col;
    return {
      file,
      line: Math.max(from.line, 1),
      column: Math.max(from.col, 1),
      endLine: Math.max(to.line, 1),
      endColumn,
    };
  }

  #refuse(span: Span, message: string, hint?: JobFinding["hint"]): void {
    this.#report({ code: "job-syntax-error", span, message, ...(hint === undefined ? {} : { hint }) });
  }
}
