/**
 * `canonicalHash`: one hash for equal values, whatever the order of their keys. A form of its own, not the stored bytes,
 * so that codecs may change and identities stay. Every piece says its kind and its length: different values never share
 * a form.
 *
 *   null n · true t · false f · number d<text>; · string s<length>:<text> · text outside UTF-8 w<length>:<UTF-16>
 *   array a<count>: items · object o<count>: key value … by key in UTF-16 order · special kind k<tag>.<parts>: parts
 *   bytes b<length>:<bytes>
 */
import * as crypto from "node:crypto";
import { types } from "node:util";
import type { Kind } from "./kinds/kind.js";
import { dataKeys } from "./kinds/own-properties.js";
import { bigintKind, isPlainText, undefinedKind } from "./kinds/scalars.js";
import { kindOfNumber, kindOfObject } from "./kinds.js";
import { expectPlainItems, isPlainArray } from "./plain-array.js";
import { refuseValue } from "./refuse.js";
import { RawBytes } from "./tagged.js";
import { Trail } from "./trail.js";

/**
 * SHA-256 over the canonical form, base64url without padding (43 characters). Keys are sorted, Map and Set count in
 * insertion order, −0 differs from 0, all NaN are equal, stacks of errors do not count.
 * @param root Name of the value in paths.
 * @throws MillraceError `value-not-sendable` for whatever encodeValue refuses, with the same path.
 */
export function canonicalHash(value: unknown, root = "value"): string {
  const form = new CanonicalForm(new Trail(root));
  form.add(value);
  return form.digest();
}

class CanonicalForm {
  readonly #trail: Trail;
  #text = "";
  // Only values that hold bytes need a running hash; all others are hashed in one go.
  #hash: crypto.Hash | undefined;

  constructor(trail: Trail) {
    this.#trail = trail;
  }

  digest(): string {
    if (this.#hash) return this.#hash.update(this.#text).digest("base64url");
    return crypto.hash("sha256", this.#text, "base64url");
  }

  add(value: unknown): void {
    switch (typeof value) {
      case "string":
        this.#addText(value);
        return;
      case "number": {
        const kind = kindOfNumber(value);
        this.#text += kind ? `k${kind.tag}.0:` : `d${value};`;
        return;
      }
      case "boolean":
        this.#text += value ? "t" : "f";
        return;
      case "undefined":
        this.#text += `k${undefinedKind.tag}.0:`;
        return;
      case "bigint":
        this.#text += `k${bigintKind.tag}.1:`;
        this.#addText(value.toString(16));
        return;
      case "object":
        if (value === null) this.#text += "n";
        else this.#addObject(value);
        return;
      default:
        throw refuseValue(value, this.#trail);
    }
  }

  #addText(text: string): void {
    if (isPlainText(text)) {
      this.#text += `s${text.length}:${text}`;
    } else {
      this.#text += `w${text.length}:`;
      this.#addBytes(Buffer.from(text, "utf16le"));
    }
  }

  #addBytes(bytes: Uint8Array): void {
    this.#hash ??= crypto.createHash("sha256");
    this.#hash.update(`${this.#text}b${bytes.length}:`);
    this.#hash.update(bytes);
    this.#text = "";
  }

  #addObject(value: object): void {
    const trail = this.#trail;
    if (types.isProxy(value)) throw refuseValue(value, trail);
    if (isPlainArray(value)) {
      this.#addArray(value);
      return;
    }
    if (Object.getPrototypeOf(value) === Object.prototype) {
      this.#addPlain(value as Record<string, unknown>);
      return;
    }
    const kind = kindOfObject(value);
    if (!kind) throw refuseValue(value, trail);
    this.#addKind(kind, value);
  }

  #addArray(value: readonly unknown[]): void {
    const trail = this.#trail;
    trail.ask(expectPlainItems, value);
    trail.enter(value);
    this.#text += `a${value.length}:`;
    for (let i = 0; i < value.length; i++) {
      trail.at(i);
      this.add(value[i]);
    }
    trail.leave();
  }

  #addPlain(value: Record<string, unknown>): void {
    const trail = this.#trail;
    const keys = [...trail.ask(dataKeys, value)].sort();
    trail.enter(value);
    this.#text += `o${keys.length}:`;
    for (const key of keys) {
      trail.at(key);
      this.#addText(key);
      this.add(value[key]);
    }
    trail.leave();
  }

  #addKind(kind: Kind, value: object): void {
    const trail = this.#trail;
    const parts = trail.ask((object) => (kind.canonical ? kind.canonical(object) : kind.lower(object)), value);
    trail.enter(value, kind, parts);
    this.#text += `k${kind.tag}.${parts.length}:`;
    parts.forEach((part, i) => {
      if (part instanceof RawBytes) {
        this.#addBytes(part.bytes);
        return;
      }
      trail.at(i);
      this.add(part);
    });
    trail.leave();
  }
}
