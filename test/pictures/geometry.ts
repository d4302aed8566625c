/** What holds for every picture of a flow: boxes nest and stand apart, words fit, lines lead from source to target through no other box. */
import type { FlowEntry } from "@millrace/core";
import { expect } from "vitest";
import type { Area, Box, Line, Picture } from "./read-picture.js";

/** Coordinates are rounded to a tenth of a pixel. */
const ROUNDED = 0.21;
/** A map's stack of cards shows below its box, and lines leave the last card. */
const STACK = 8;

const overlap = (a: Area, b: Area): boolean =>
  a.left < b.right - ROUNDED && b.left < a.right - ROUNDED && a.top < b.bottom - ROUNDED && b.top < a.bottom - ROUNDED;
const holds = (outer: Area, inner: Area): boolean =>
  outer.left <= inner.left + ROUNDED &&
  outer.right >= inner.right - ROUNDED &&
  outer.top <= inner.top + ROUNDED &&
  outer.bottom >= inner.bottom - ROUNDED;

/** Expects all of it of a picture. */
export function expectGoodGeometry(flow: FlowEntry, picture: Picture): void {
  const { boxes, lines, ground } = picture;
  const parents = parentsOf(flow, picture);
  const all = [...boxes.values()];
  const ancestry = (id: string): readonly string[] => {
    const above = parents.get(id);
    return above === undefined ? [id] : [id, ...ancestry(above)];
  };

  for (const box of all) {
    const parent = boxes.get(parents.get(box.id) ?? "");
    expect(holds(parent?.area ?? ground, box.area), `${box.id} in its container`).toBe(true);
    for (const words of box.words) expect(holds(box.area, words), `"${words.text}" in its box`).toBe(true);
    for (const words of parent?.words ?? []) expect(overlap(words, box.area), `${box.id} on words`).toBe(false);
  }
  for (const [i, a] of all.entries()) {
    for (const b of all.slice(i + 1)) {
      if (parents.get(a.id) === parents.get(b.id)) expect(overlap(a.area, b.area), `${a.id} and ${b.id}`).toBe(false);
    }
  }
  for (const [i, line] of lines.entries()) {
    const near = new Set([...ancestry(line.from), ...ancestry(line.to)]);
    const strangers = all.filter((box) => !near.has(box.id));
    expectEnds(line, { boxes, ancestry });
    for (const area of [...line.pieces.map(thick), ...line.words]) {
      expect(holds(ground, area), `${line.title} in the picture`).toBe(true);
      for (const box of strangers) expect(overlap(area, box.area), `${line.title} on ${box.id}`).toBe(false);
    }
    for (const words of line.words) {
      const others = lines.slice(i + 1).flatMap((other) => other.words);
      for (const other of others) expect(overlap(words, other), `${words.text} on ${other.text}`).toBe(false);
    }
  }
}

/** A line may lead upwards: then it is drawn from its target. */
function expectEnds(
  line: Line,
  { boxes, ancestry }: { boxes: ReadonlyMap<string, Box>; ancestry: (id: string) => readonly string[] },
): void {
  const upwards = line.tip !== undefined && line.tip.y === line.start.y && line.tip.x === line.start.x;
  const [above, below] = upwards ? [line.to, line.from] : [line.from, line.to];
  const [first, last] = [boxes.get(above), boxes.get(below)];
  if (!first || !last) throw new Error(`${line.title} leads nowhere.`);
  const stack = first.classes.includes("map") ? STACK : 0;
  const leaves = ancestry(below).includes(above) ? first.area.top : first.area.bottom;
  const reaches = ancestry(above).includes(below) ? last.area.bottom : last.area.top;
  expect(
    [0, stack].some((more) => Math.abs(line.start.y - leaves - more) < ROUNDED),
    `${line.title} begins`,
  ).toBe(true);
  expect(Math.abs(line.end.y - reaches), `${line.title} ends`).toBeLessThan(ROUNDED);
  for (const [point, { area }] of [
    [line.start, first],
    [line.end, last],
  ] as const) {
    expect(point.x, `${line.title} beside its end`).toBeGreaterThan(area.left);
    expect(point.x, `${line.title} beside its end`).toBeLessThan(area.right);
  }
  if (line.tip) expect(line.tip).toEqual(upwards ? line.start : line.end);
}

/** Ids of the boxes around boxes: a node's arm where it has one, else its container. */
function parentsOf(flow: FlowEntry, { boxes }: Picture): ReadonlyMap<string, string> {
  const ids = new Map(flow.graph.nodes.map((node, i) => [node.id, `n${i}`]));
  const parents = new Map<string, string>();
  const arms = new Map<string, string>();
  for (const { id, parent, arm } of flow.graph.nodes) {
    if (parent === undefined) continue;
    const container = ids.get(parent) ?? "";
    const key = JSON.stringify([parent, arm]);
    const drawn = [...boxes.keys()].filter((box) => box.startsWith(`${container}_`));
    if (arm !== undefined && drawn.length > 0 && !arms.has(key)) {
      const known = [...arms.keys()].filter((other) => JSON.parse(other)[0] === parent).length;
      arms.set(key, `${container}_${known + 1}`);
      parents.set(`${container}_${known + 1}`, container);
    }
    parents.set(ids.get(id) ?? "", arms.get(key) ?? container);
  }
  return parents;
}

function thick(piece: Area): Area {
  return { ...piece, left: piece.left - 1, right: piece.right + 1 };
}
