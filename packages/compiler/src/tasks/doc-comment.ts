/** Doc comments as plain text. */
import type { JSDocableNode } from "ts-morph";

/** The description of the nearest doc comment, without tags; undefined if there is none. */
export function docComment(node: JSDocableNode): string | undefined {
  const text = node.getJsDocs().at(-1)?.getDescription().replaceAll("\r\n", "\n").trim();
  return text ? text : undefined;
}
