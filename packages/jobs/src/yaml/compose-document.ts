/** The text of a file as a document of the YAML library, refused before anything recursive sees it if it nests too deep. */
import { Composer, type CST, LineCounter, type ParsedNode, Parser, type YAMLParseError } from "yaml";

/** So deep values may stand in each other, where nothing else is said. */
const MAX_DEPTH = 100;

const IN_BRACKETS = 'Between [ ] and { } put it in double quotes: { city: "$VAR{city}" }.';

/** A document, or why there is none and where: offsets, the end exclusive. */
export type Composed =
  | { readonly contents: ParsedNode | null; readonly lines: LineCounter }
  | {
      readonly wrong: string;
      readonly at: readonly [number, number];
      readonly lines: LineCounter;
      readonly hint?: string;
    };

/** YAML 1.2 with its core schema, every key a text. */
export function composeDocument(text: string, maxDepth: number = MAX_DEPTH): Composed {
  const lines = new LineCounter();
  // This parser keeps its own stack; the composer uses that of the process, and ends it if it is exhausted.
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  const deep = tooDeep(tokens, maxDepth);
  if (deep !== undefined)
    return { wrong: `values stand more than ${maxDepth} deep in each other`, at: [deep, deep + 1], lines };
  const composer = new Composer({ version: "1.2", schema: "core", merge: false, stringKeys: true });
  const documents = [...composer.compose(tokens, true, text.length)];
  const [document, second] = documents;
  if (!document) return { contents: null, lines };
  // Whatever comes after the first error may follow from it.
  const [error] = document.errors;
  if (error) {
    const [start, end] = error.pos;
    const sign = /\$(?:ENV|VAR|SYS|\{)?$/.exec(text.slice(0, start))?.[0];
    if (sign !== undefined && text[start] === "{")
      return {
        wrong: "a variable or reference stands in brackets",
        at: [start - sign.length, end],
        lines,
        hint: IN_BRACKETS,
      };
    const nested = twoOnOneLine(document.errors, text);
    if (nested) return { ...nested, lines };
    const opening = unclosed(tokens, start);
    return { wrong: error.message.replace(/\.$/, ""), at: [opening ?? start, end], lines };
  }
  if (second) return { wrong: "the file holds more than one document", at: [second.range[0], second.range[1]], lines };
  if (document.directives.yaml.version !== "1.2")
    return { wrong: "the file asks for another YAML than 1.2", at: [0, 1], lines, hint: "Remove the %YAML line." };
  return { contents: document.contents, lines };
}

/** `text: It is: fine`, and a field that is set in deeper than the one above it, whose value it would continue. The library says the same of both. */
function twoOnOneLine(
  [error, other]: readonly YAMLParseError[],
  text: string,
): Pick<Extract<Composed, { wrong: string }>, "wrong" | "at" | "hint"> | undefined {
  if (error?.code !== "BLOCK_AS_IMPLICIT_KEY") return undefined;
  const [start, end] = error.pos;
  if (other?.code !== "MULTILINE_IMPLICIT_KEY" || other.pos[0] !== start)
    return {
      wrong: "a value is followed by a colon, as if it were a name",
      at: [start, end],
      hint: 'Put the whole value in quotes: "It is: fine".',
    };
  const name = text.slice(0, other.pos[1]);
  const line = name.lastIndexOf("\n") + 1;
  return {
    wrong: "a field is set in deeper than the one above it, which has a value already",
    at: [line + name.slice(line).search(/\S/), name.length],
    hint: "Begin fields of one mapping in one column.",
  };
}

/** Where the first value begins that is too deep. */
function tooDeep(tokens: readonly CST.Token[], maxDepth: number): number | undefined {
  let level: readonly CST.Token[] = tokens;
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > maxDepth) return level[0]?.offset;
    level = level.flatMap(childrenOf);
  }
  return undefined;
}

/** Where the quote or bracket stands that was opened before an error and never closed: the error is only where that comes to light. */
function unclosed(tokens: readonly CST.Token[], error: number): number | undefined {
  const open = [...tokens];
  for (let token = open.pop(); token; token = open.pop()) {
    if (token.offset <= error && isUnclosed(token)) return token.offset;
    open.push(...childrenOf(token));
  }
  return undefined;
}

function isUnclosed(token: CST.Token): boolean {
  if (token.type === "flow-collection") return token.end.length === 0;
  if (token.type === "double-quoted-scalar") return !/^".*"$/s.test(token.source);
  return token.type === "single-quoted-scalar" && !/^'.*'$/s.test(token.source);
}

function childrenOf(token: CST.Token): readonly CST.Token[] {
  if (token.type === "document") return token.value ? [token.value] : [];
  if (!("items" in token)) return [];
  return token.items.flatMap(({ key, value }) => [...(key ? [key] : []), ...(value ? [value] : [])]);
}
