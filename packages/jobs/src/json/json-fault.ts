/** What JSON allows and a document may not have: a name that an object has twice, one that objects inherit, values too deep in each other. */

/** So deep values may stand in each other: as deep as any that can be sent to a task, with the graphs around it. What finds places needs the stack. */
export const MAX_JSON_DEPTH = 700;

/** One fault. */
export interface JsonFault {
  /** Offsets, the end exclusive. */
  readonly at: readonly [number, number];
  /** One sentence. */
  readonly message: string;
  readonly hint?: string;
}

/** The first fault of a text that is JSON. */
export function jsonFault(text: string): JsonFault | undefined {
  /** What is open: the names of an object, nothing of a list. */
  const open: (Set<string> | undefined)[] = [];
  const signs = /["{}[\]]/g;
  for (let found = signs.exec(text); found; found = signs.exec(text)) {
    const { 0: sign, index } = found;
    if (sign === '"') {
      signs.lastIndex = endOfText(text, index);
      const fault = isName(text, signs.lastIndex) && nameFault(text, [index, signs.lastIndex], open.at(-1));
      if (fault) return fault;
    } else if (sign === "}" || sign === "]") open.pop();
    else if (open.push(sign === "{" ? new Set() : undefined) > MAX_JSON_DEPTH)
      return { at: [index, index + 1], message: `Values stand more than ${MAX_JSON_DEPTH} deep in each other.` };
  }
  return undefined;
}

/** @param names Those of the object so far; the name becomes one of them. */
function nameFault(text: string, at: JsonFault["at"], names: Set<string> | undefined): JsonFault | undefined {
  const written = text.slice(...at);
  // Two names are one whichever of their signs are escaped.
  const name: string = JSON.parse(written);
  if (name === "__proto__") return { at, message: `The name ${name} cannot be used here.` };
  if (names?.has(name))
    return { at, message: `The name ${written} is given twice.`, hint: "Only the last would count: remove one." };
  names?.add(name);
  return undefined;
}

/** Behind the closing quote of a text. Not by a pattern: its steps back would be too many in a long text. */
function endOfText(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end + 1;
}

function isEscaped(text: string, at: number): boolean {
  let first = at;
  while (text[first - 1] === "\\") first -= 1;
  return (at - first) % 2 === 1;
}

/** True if a colon follows. */
function isName(text: string, end: number): boolean {
  const colon = /\s*:/y;
  colon.lastIndex = end;
  return colon.test(text);
}
