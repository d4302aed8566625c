/**
 * The nodes of a file by kind. One pass over its bare tree serves all stages, and lasts as long as the tree: to make
 * ts-morph's object of every node only to look for a few would take longer than all that is then done with them.
 */
import { appendTo } from "@millrace/core";
import type { KindToNodeMappings, Node as MorphNode, SourceFile, SyntaxKind } from "ts-morph";
import { ts } from "ts-morph";

/** Nodes of a tree by kind, each in the order of the source. */
type ByKind = ReadonlyMap<SyntaxKind, readonly ts.Node[]>;

const known = new WeakMap<ts.SourceFile, ByKind>();

/** The nodes of a kind in a file that fit, in the order of the source. `fits` sees the bare node: what it drops costs nothing. */
export function nodesOfKind<K extends keyof KindToNodeMappings & SyntaxKind>(
  file: SourceFile,
  kind: K,
  fits: (node: KindToNodeMappings[K]["compilerNode"]) => boolean = () => true,
): KindToNodeMappings[K][] {
  const found: MorphNode[] = [];
  for (const node of bareNodesOfKind(file.compilerNode, kind)) if (fits(node)) found.push(objectOf(node, file));
  return found as KindToNodeMappings[K][]; // the index holds nodes of that kind
}

/** The bare nodes of a kind in a tree, in the order of the source. */
export function bareNodesOfKind<K extends keyof KindToNodeMappings & SyntaxKind>(
  tree: ts.SourceFile,
  kind: K,
): readonly KindToNodeMappings[K]["compilerNode"][] {
  return (indexOf(tree).get(kind) ?? []) as KindToNodeMappings[K]["compilerNode"][]; // the index holds nodes of that kind
}

/** ts-morph's object of a bare node of a file. */
export function objectOf(node: ts.Node, file: SourceFile): MorphNode {
  // ts-morph keeps this to itself, but has no other way to get from a bare node to its object in the same project.
  return (file as unknown as { _getNodeFromCompilerNode(bare: ts.Node): MorphNode })._getNodeFromCompilerNode(node);
}

function indexOf(tree: ts.SourceFile): ByKind {
  let index = known.get(tree);
  if (!index) {
    index = byKind(tree);
    known.set(tree, index);
  }
  return index;
}

function byKind(tree: ts.SourceFile): ByKind {
  const index = new Map<SyntaxKind, ts.Node[]>();
  const visit = (node: ts.Node): void => {
    appendTo(index, node.kind, node);
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(tree, visit);
  return index;
}
