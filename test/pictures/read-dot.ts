/** Reads a drawing back from DOT, by the grammar of Graphviz: what does not follow it is an error with its place. */

/** Attributes by name, as texts. */
export type Attributes = Readonly<Record<string, string>>;

/** A node or a cluster. */
export interface DotItem {
  /** The cluster that it stands in; undefined for the graph. */
  readonly within: string | undefined;
  readonly attributes: Attributes;
}

/** What a file says. */
export interface Dot {
  readonly nodes: ReadonlyMap<string, DotItem>;
  readonly clusters: ReadonlyMap<string, DotItem>;
  readonly edges: readonly { readonly from: string; readonly to: string; readonly attributes: Attributes }[];
}

/** Space and comments; an id (name, number, quoted text); what stands between ids. */
const TOKEN =
  /(?:\s|\/\/.*|#.*|\/\*[\s\S]*?\*\/)*(?:([A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*|-?(?:\.\d+|\d+(?:\.\d*)?))|"((?:[^"\\]|\\[\s\S])*)"|(->|--|[{}[\]=;,:]))/y;
const KEYWORDS: ReadonlySet<string> = new Set(["node", "edge", "graph", "digraph", "subgraph", "strict"]);

interface Token {
  readonly kind: "id" | "text" | "mark" | "end";
  readonly text: string;
}

/** Reads a digraph. @throws Error that says where it is none. */
export function readDot(source: string): Dot {
  const tokens = tokensOf(source);
  let at = 0;
  const nodes = new Map<string, DotItem>();
  const clusters = new Map<string, DotItem>();
  const edges: { from: string; to: string; attributes: Attributes }[] = [];

  const peek = (): Token => tokens[at] ?? { kind: "end", text: "" };
  const isMark = (text: string): boolean => peek().kind === "mark" && peek().text === text;
  const isWord = (text: string): boolean => peek().kind === "id" && peek().text.toLowerCase() === text;
  const take = (holds: boolean, wanted: string): string => {
    const { text } = peek();
    if (!holds) throw new Error(`Token ${at} is "${text}", where ${wanted} is wanted.`);
    at += 1;
    return text;
  };
  const mark = (text: string): string => take(isMark(text), text);
  const id = (): string => {
    const { kind, text } = peek();
    return take(kind === "text" || (kind === "id" && !KEYWORDS.has(text.toLowerCase())), "an id");
  };
  const attributes = (): Attributes => {
    const read: Record<string, string> = {};
    while (isMark("[")) {
      at += 1;
      while (!isMark("]")) {
        const name = id();
        mark("=");
        read[name] = id();
        if (isMark(",") || isMark(";")) at += 1;
      }
      at += 1;
    }
    return read;
  };
  const statement = (within: string | undefined, own: Record<string, string>): void => {
    if (isWord("graph") || isWord("node") || isWord("edge")) {
      at += 1;
      attributes();
    } else if (isWord("subgraph")) {
      at += 1;
      const name = id();
      const inside: Record<string, string> = {};
      clusters.set(name, { within, attributes: inside });
      block(name, inside);
    } else {
      const from = id();
      if (isMark("=")) {
        at += 1;
        own[from] = id();
      } else if (isMark("->")) {
        at += 1;
        edges.push({ from, to: id(), attributes: attributes() });
      } else nodes.set(from, { within, attributes: attributes() });
    }
    if (isMark(";")) at += 1;
  };
  const block = (within: string | undefined, own: Record<string, string>): void => {
    mark("{");
    while (!isMark("}")) statement(within, own);
    at += 1;
  };

  take(isWord("digraph"), "digraph");
  if (!isMark("{")) id();
  block(undefined, {});
  take(peek().kind === "end", "the end");
  return { nodes, clusters, edges };
}

function tokensOf(source: string): readonly Token[] {
  const tokens: Token[] = [];
  const text = source.trimEnd();
  for (TOKEN.lastIndex = 0; TOKEN.lastIndex < text.length; ) {
    const begin = TOKEN.lastIndex;
    const [whole, name, quoted, mark] = TOKEN.exec(text) ?? [];
    if (whole === undefined) throw new Error(`That is no DOT: ${text.slice(begin, begin + 40)}`);
    // Of the escapes in quoted text only that of the quote belongs to the grammar; those of labels are read for what they show.
    if (quoted !== undefined)
      tokens.push({ kind: "text", text: quoted.replace(/\\(.)/g, (_, char) => (char === "n" ? "\n" : char)) });
    else tokens.push({ kind: mark === undefined ? "id" : "mark", text: mark ?? name ?? "" });
  }
  return tokens;
}
