/**
 * Places the nodes of a flow graph (`flow graph --format json`) on a page: containers hold their children, and a node
 * stands below everything that it depends on. For graphs of a size that people look at.
 */

const LINE = 52;
const CHARACTER = 9;
const GAP = { across: 36, down: 46 };
const PADDING = { side: 26, top: 62, bottom: 24 };

/** What is written on a node. */
export function titleOf(node) {
  switch (node.kind) {
    case "call":
      return node.task;
    case "subflow":
      return node.flow;
    case "map":
      return `for each of ${node.over}`;
    case "branch":
      return `if ${node.condition}`;
    case "loop":
      return `loop ${node.text}`;
    default:
      return node.name ?? node.id;
  }
}

/** Boxes by node id, `{ x, y, width, height, inner, holds }`, and the size of the whole. */
export function layOut({ nodes, edges }) {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const children = new Map();
  for (const node of nodes) {
    const siblings = children.get(node.parent) ?? [];
    siblings.push(node.id);
    children.set(node.parent, siblings);
  }
  const boxes = new Map();
  const size = place(undefined, 0, 0);
  return { boxes, ...size };

  /** Places the children of a container at a corner; gives the room that they take. */
  function place(container, left, top) {
    const rows = layersOf(children.get(container) ?? []);
    const sized = rows.map((row) => row.map((id) => ({ id, ...sizeOf(id) })));
    const widthOf = (row) => row.reduce((sum, box) => sum + box.width, 0) + GAP.across * (row.length - 1);
    const width = Math.max(0, ...sized.map(widthOf));
    let y = top;
    for (const row of sized) {
      let x = left + (width - widthOf(row)) / 2;
      for (const { id, ...box } of row) {
        boxes.set(id, { x, y, ...box });
        if (box.holds) place(id, x + (box.width - box.inner) / 2, y + PADDING.top);
        x += box.width + GAP.across;
      }
      y += Math.max(...row.map((box) => box.height)) + GAP.down;
    }
    return { width, height: Math.max(0, y - top - GAP.down) };
  }

  function sizeOf(id) {
    const text = titleOf(byId.get(id)).length * CHARACTER + 40;
    if (!children.has(id)) return { width: Math.max(150, text), height: LINE, inner: 0, holds: false };
    const inner = place(id, 0, 0);
    const width = Math.max(text, inner.width + 2 * PADDING.side);
    return { width, height: inner.height + PADDING.top + PADDING.bottom, inner: inner.width, holds: true };
  }

  /** Rows of siblings: each as high as its dependencies allow. */
  function layersOf(ids) {
    const depth = new Map(ids.map((id) => [id, 0]));
    const links = edges
      .map(({ from, to }) => [siblingOf(from, depth), siblingOf(to, depth)])
      .filter(([from, to]) => from !== undefined && to !== undefined && from !== to);
    // The lifted graph has no cycle, so depths settle within as many rounds as there are nodes.
    for (const _ of ids) {
      for (const [from, to] of links) depth.set(to, Math.max(depth.get(to), Math.min(ids.length, depth.get(from) + 1)));
    }
    const rows = new Map();
    for (const id of ids) rows.set(depth.get(id), [...(rows.get(depth.get(id)) ?? []), id]);
    return [...rows.keys()].sort((a, b) => a - b).map((row) => rows.get(row));
  }

  /** The node itself or the container around it that is among the siblings. */
  function siblingOf(id, siblings) {
    for (let at = id; at !== undefined; at = byId.get(at)?.parent) if (siblings.has(at)) return at;
    return undefined;
  }
}
