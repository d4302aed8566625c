/** Reads the own properties of objects that stand for data, and refuses what would get lost: symbols, accessors, hidden ones. */
import { placeOfKey } from "../place-of-key.js";
import { Refusal } from "./refusal.js";

/** Refuses a built-in value that carries properties of its own besides `allowed`. */
export function expectBare(value: object, allowed?: string): void {
  for (const key of Reflect.ownKeys(value)) {
    if (key !== allowed) throw extraProperty(key);
  }
}

/** Refusal of a property that a built-in value would lose. */
export function extraProperty(key: PropertyKey): Refusal {
  return new Refusal(
    "is a property added to a built-in value",
    "Send the property beside the value, as a field of an object that holds both.",
    placeOfProperty(key),
  );
}

/** The keys of an object whose own properties are all enumerable data under string keys. Throws a Refusal otherwise. */
export function dataKeys(value: object): readonly string[] {
  const keys = Object.keys(value);
  if (Object.getOwnPropertySymbols(value).length > 0) throw symbolKey(value);
  if (Object.getOwnPropertyNames(value).length !== keys.length) throw hiddenProperty(value);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as string;
    // Looking at the descriptor instead of the value never runs a getter.
    if (Object.getOwnPropertyDescriptor(value, key)?.value === undefined) expectData(value, key);
  }
  return keys;
}

/** Refuses an accessor. */
export function expectData(value: object, key: string): void {
  const descriptor = Object.getOwnPropertyDescriptor(value, key);
  if (descriptor && (descriptor.get || descriptor.set)) {
    throw new Refusal(
      "is an accessor (get or set)",
      "Copy its value into a plain field before sending.",
      placeOfKey(key),
    );
  }
}

/** Refusal of a symbol key. */
export function symbolKey(value: object): Refusal {
  const [key] = Object.getOwnPropertySymbols(value);
  return new Refusal("is a property under a symbol", "Use a string as key.", placeOfProperty(key ?? ""));
}

function hiddenProperty(value: object): Refusal {
  const key = Object.getOwnPropertyNames(value).find(
    (name) => !Object.prototype.propertyIsEnumerable.call(value, name),
  );
  return new Refusal(
    "is a property that is not enumerable",
    "Make it an ordinary field, or leave it out.",
    placeOfKey(key ?? ""),
  );
}

function placeOfProperty(key: PropertyKey): string {
  return typeof key === "symbol" ? `[${key.toString()}]` : placeOfKey(String(key));
}
