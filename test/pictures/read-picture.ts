/** Reads a picture back from its SVG: where boxes, lines and words stand. */

import { FONTS, type FontName, textWidth } from "../../packages/core/src/picture/measure-text.js";
import { elements, readXml, textOf, type Xml } from "./read-xml.js";

/** A rectangle. */
export interface Area {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** A point. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A line of text with the room that it takes. */
export interface Words extends Area {
  readonly text: string;
}

/** A node, or an arm. */
export interface Box {
  readonly id: string;
  readonly classes: readonly string[];
  readonly area: Area;
  readonly title: string;
  readonly words: readonly Words[];
}

/** An edge. */
export interface Line {
  readonly from: string;
  readonly to: string;
  readonly classes: readonly string[];
  readonly title: string;
  /** Its straight pieces, and the rooms in which it bends. */
  readonly pieces: readonly Area[];
  readonly start: Point;
  readonly end: Point;
  /** Point of the head; undefined without one. */
  readonly tip: Point | undefined;
  readonly words: readonly Words[];
}

/** What a picture shows. */
export interface Picture {
  readonly root: Xml;
  readonly ground: Area;
  /** By id. */
  readonly boxes: ReadonlyMap<string, Box>;
  readonly lines: readonly Line[];
}

/** Reads a picture. @throws Error if it is no well-formed XML, or misses what each picture has. */
export function readPicture(svg: string): Picture {
  const root = readXml(svg);
  const groups = elements(root).filter((it) => it.name === "g");
  const boxes = groups.filter((it) => it.attributes.id !== undefined).map(boxOf);
  return {
    root,
    ground: areaOf(part(root, "rect", "ground")),
    boxes: new Map(boxes.map((box) => [box.id, box])),
    lines: groups.filter((it) => it.attributes["data-from"] !== undefined).map(lineOf),
  };
}

function boxOf(group: Xml): Box {
  const rect = group.content.find((it) => typeof it !== "string" && it.name === "rect");
  if (rect === undefined || typeof rect === "string") throw new Error("A box has no frame.");
  return {
    id: group.attributes.id ?? "",
    classes: classesOf(group),
    area: areaOf(rect),
    title: textOf(part(group, "title")),
    words: wordsOf(group),
  };
}

function lineOf(group: Xml): Line {
  const { pieces, start, end } = pathOf(part(group, "path", "line").attributes.d ?? "");
  const head = elements(group).find((it) => it.attributes.class === "head");
  const tip = head && (head.attributes.d ?? "").match(/L(-?[\d.]+) (-?[\d.]+)/);
  return {
    from: group.attributes["data-from"] ?? "",
    to: group.attributes["data-to"] ?? "",
    classes: classesOf(group),
    title: textOf(part(group, "title")),
    pieces,
    start,
    end,
    tip: tip ? { x: Number(tip[1]), y: Number(tip[2]) } : undefined,
    words: wordsOf(group),
  };
}

/** Reads a path of moves, vertical lines and curves. */
function pathOf(d: string): { pieces: readonly Area[]; start: Point; end: Point } {
  const pieces: Area[] = [];
  let start: Point | undefined;
  let at: Point = { x: 0, y: 0 };
  for (const [, command, list = ""] of d.matchAll(/([A-Z])([^A-Z]*)/g)) {
    const numbers = list.trim().split(/\s+/).map(Number);
    if (numbers.some(Number.isNaN)) throw new Error(`No numbers in ${d}`);
    const next = command === "V" ? { x: at.x, y: numbers[0] ?? 0 } : { x: numbers.at(-2) ?? 0, y: numbers.at(-1) ?? 0 };
    if (command === "M") start ??= next;
    else if (command === "V" || command === "C") {
      pieces.push({ left: Math.min(at.x, next.x), right: Math.max(at.x, next.x), top: at.y, bottom: next.y });
    } else throw new Error(`No path of ours: ${d}`);
    at = next;
  }
  if (!start) throw new Error("An empty path.");
  return { pieces, start, end: at };
}

function wordsOf(group: Xml): readonly Words[] {
  return elements(group)
    .filter((it) => it.name === "text")
    .map((it) => {
      // Safe: texts are classed by their font; a class that is none fails in the next line.
      const font = FONTS[(it.attributes.class === "label" ? "note" : it.attributes.class) as FontName];
      const text = textOf(it);
      const width = textWidth(text, font);
      const [x, y] = [Number(it.attributes.x), Number(it.attributes.y)];
      const left = it.attributes["text-anchor"] === "middle" ? x - width / 2 : x;
      return { text, left, right: left + width, top: y - font.size * 0.8, bottom: y + font.size * 0.25 };
    });
}

function areaOf({ attributes }: Xml): Area {
  const [left, top] = [Number(attributes.x ?? 0), Number(attributes.y ?? 0)];
  return { left, top, right: left + Number(attributes.width), bottom: top + Number(attributes.height) };
}

function classesOf(group: Xml): readonly string[] {
  return (group.attributes.class ?? "").split(" ");
}

function part(xml: Xml, name: string, className?: string): Xml {
  const found = elements(xml).find(
    (it) => it.name === name && (className === undefined || it.attributes.class === className),
  );
  if (!found) throw new Error(`No ${name} ${className ?? ""}`);
  return found;
}
