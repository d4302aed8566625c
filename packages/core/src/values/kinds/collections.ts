/** Map and Set, in insertion order. */
import { types } from "node:util";
import { unreadable } from "../unreadable.js";
import { type Kind, kind } from "./kind.js";
import { expectBare } from "./own-properties.js";

/** Map; parts are key, value, key, value, … */
export const mapKind: Kind<Map<unknown, unknown>> = kind<Map<unknown, unknown>>({
  tag: 9,
  name: "Map",
  typeText: "Map<unknown, unknown>",
  prototype: Map.prototype,
  recognise: types.isMap,
  lower: (value) => {
    expectBare(value);
    const parts: unknown[] = [];
    Map.prototype.forEach.call(value, (item, key) => {
      parts.push(key, item);
    });
    return parts;
  },
  raise: (parts) => {
    if (parts.length % 2 !== 0) throw unreadable("a Map is damaged");
    const value = new Map<unknown, unknown>();
    for (let i = 0; i < parts.length; i += 2) value.set(parts[i], parts[i + 1]);
    return value;
  },
  place: (parts, index) => {
    const key = parts[index - 1];
    if (index % 2 === 0) return `.keys()[${index / 2}]`;
    return typeof key === "string" || typeof key === "number"
      ? `.get(${JSON.stringify(key)})`
      : `.values()[${(index - 1) / 2}]`;
  },
});

/** Set; parts are its items. */
export const setKind: Kind<Set<unknown>> = kind<Set<unknown>>({
  tag: 10,
  name: "Set",
  typeText: "Set<unknown>",
  prototype: Set.prototype,
  recognise: types.isSet,
  lower: (value) => {
    expectBare(value);
    const parts: unknown[] = [];
    Set.prototype.forEach.call(value, (item) => {
      parts.push(item);
    });
    return parts;
  },
  raise: (parts) => new Set(parts),
  place: (_, index) => `.values()[${index}]`,
});
