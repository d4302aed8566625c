/** YAML or JSON text as data that knows where each part of it stands. */
import { isMap, isPair, isScalar, isSeq, LineCounter, type Node, parseDocument } from "yaml";
import { type Place, type ProjectIssue, throwIssues } from "./project-issue.js";

/** Names and indices that lead to a part. */
export type Path = readonly (string | number)[];

/** Data with places. */
export interface Source {
  readonly value: unknown;
  /** Where the key or item at a path stands, or the nearest thing around it; undefined for data that comes from no text. */
  placeOf(path: Path): Place | undefined;
}

/** Data that comes from no text. */
export function objectSource(value: unknown): Source {
  return { value, placeOf: () => undefined };
}

/** @throws MillraceError `project-invalid` for what is no YAML, and for keys given twice. */
export function yamlSource(text: string, file: string): Source {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  };
  throwIssues(
    document.errors.map(
      ({ message, pos }): ProjectIssue => ({
        path: "",
        message: `is no YAML: ${message}`,
        place: at(pos[0]),
      }),
    ),
  );
  return {
    value: document.toJS(),
    placeOf: (path) => at(offsetOf(document.contents, path)),
  };
}

function offsetOf(root: Node | null, path: Path): number {
  let node: unknown = root;
  let offset = root?.range?.[0] ?? 0;
  for (const segment of path) {
    if (isSeq(node)) node = node.items[Number(segment)];
    else if (isMap(node)) {
      const pair = node.items.find(({ key }) => (isScalar(key) ? String(key.value) : undefined) === String(segment));
      if (!isPair(pair)) return offset;
      offset = (pair.key as Node).range?.[0] ?? offset;
      node = pair.value;
      continue;
    } else return offset;
    offset = (node as Node | undefined)?.range?.[0] ?? offset;
  }
  return offset;
}
