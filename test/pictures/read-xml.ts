/** A strict reader of the XML that pictures are: no entity but numbers, no markup but elements. Throws at the first fault. */

/** An element with what it holds. */
export interface Xml {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly content: readonly (Xml | string)[];
}

const TOKEN = /<(\/?)([A-Za-z][\w:-]*)((?:\s+[A-Za-z][\w:-]*="[^"<]*")*)\s*(\/?)>|([^<]+)/y;
const ATTRIBUTE = /([A-Za-z][\w:-]*)="([^"]*)"/g;
/** What XML 1.0 allows as a character. */
const FORBIDDEN = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

/** Reads a document. @throws Error where it is not well-formed. */
export function readXml(source: string): Xml {
  if (FORBIDDEN.test(source)) throw new Error("A character is not allowed in XML.");
  const root: { name: string; attributes: Record<string, string>; content: (Xml | string)[] } = {
    name: "",
    attributes: {},
    content: [],
  };
  const open = [root];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < source.length) {
    const at = TOKEN.lastIndex;
    const token = TOKEN.exec(source);
    if (!token) throw new Error(`No XML at ${at}: ${source.slice(at, at + 80)}`);
    const [, closing, name = "", attributes = "", empty, text] = token;
    const inside = open.at(-1);
    if (text !== undefined) inside?.content.push(decode(text));
    else if (closing) {
      if (open.pop()?.name !== name || open.length === 0) throw new Error(`</${name}> at ${at} closes nothing.`);
    } else {
      const element = { name, attributes: attributesOf(attributes), content: [] };
      inside?.content.push(element);
      if (!empty) open.push(element);
    }
  }
  const [only, ...more] = root.content.filter((it) => typeof it !== "string" || it.trim() !== "");
  if (open.length > 1 || more.length > 0 || only === undefined || typeof only === "string")
    throw new Error("Not one element.");
  return only;
}

/** All elements, outermost first. */
export function elements(xml: Xml): readonly Xml[] {
  return [xml, ...xml.content.flatMap((inner) => (typeof inner === "string" ? [] : elements(inner)))];
}

/** All text of an element. */
export function textOf(xml: Xml): string {
  return xml.content.map((inner) => (typeof inner === "string" ? inner : textOf(inner))).join("");
}

function attributesOf(source: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [, name = "", value = ""] of source.matchAll(ATTRIBUTE)) {
    if (Object.hasOwn(found, name)) throw new Error(`Two attributes ${name}.`);
    found[name] = decode(value);
  }
  return found;
}

function decode(text: string): string {
  const decoded = text.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
  if (/&(?!#\d+;)/.test(text)) throw new Error(`An entity that is no number: ${text.slice(0, 80)}`);
  return decoded;
}
