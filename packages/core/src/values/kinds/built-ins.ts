/** Kinds for built-in objects that hold a little data: Date, RegExp, URL. */
import { types } from "node:util";
import { type Kind, kind } from "./kind.js";
import { expectBare } from "./own-properties.js";
import { expectParts, numberPart, textPart } from "./part.js";
import { Refusal } from "./refusal.js";

/** Date, also an invalid one. */
export const dateKind: Kind<Date> = kind<Date>({
  tag: 8,
  name: "Date",
  typeText: "Date",
  prototype: Date.prototype,
  recognise: types.isDate,
  lower: (value) => {
    expectBare(value);
    return [value.getTime()];
  },
  raise: (parts) => {
    expectParts(parts, 1);
    return new Date(numberPart(parts, 0));
  },
});

/** RegExp with its position. */
export const regexpKind: Kind<RegExp> = kind<RegExp>({
  tag: 11,
  name: "RegExp",
  typeText: "RegExp",
  prototype: RegExp.prototype,
  recognise: types.isRegExp,
  lower: (value) => {
    expectBare(value, "lastIndex");
    if (typeof value.lastIndex !== "number") {
      throw new Refusal("has a position that is no number", "Set it to 0 before sending.", ".lastIndex");
    }
    return [value.source, value.flags, value.lastIndex];
  },
  raise: (parts) => {
    expectParts(parts, 3);
    const value = new RegExp(textPart(parts, 0), textPart(parts, 1));
    value.lastIndex = numberPart(parts, 2);
    return value;
  },
});

/** URL. */
export const urlKind: Kind<URL> = kind<URL>({
  tag: 12,
  name: "URL",
  typeText: "URL",
  prototype: URL.prototype,
  recognise: isUrl,
  lower: (value) => {
    expectBare(value);
    return [value.href];
  },
  raise: (parts) => {
    expectParts(parts, 1);
    return new URL(textPart(parts, 0));
  },
});

const hrefOf = Object.getOwnPropertyDescriptor(URL.prototype, "href")?.get;

function isUrl(value: unknown): boolean {
  if (!(value instanceof URL)) return false;
  try {
    // Throws for an object that only has URL's prototype.
    hrefOf?.call(value);
    return true;
  } catch {
    return false;
  }
}
