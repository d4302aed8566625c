/** Buffers and views: the bytes that a view shows, in the machine's order (little-endian wherever Node runs threads). */
import { isDeepStrictEqual, types } from "node:util";
import { RawBytes } from "../tagged.js";
import { type Kind, kind } from "./kind.js";
import { expectBare } from "./own-properties.js";
import { bytesPart, expectParts } from "./part.js";
import { Refusal } from "./refusal.js";

type ViewConstructor = new (buffer: ArrayBuffer, offset?: number, length?: number) => ArrayBufferView;

const nameOfTypedArray = Object.getOwnPropertyDescriptor(
  Object.getPrototypeOf(Uint8Array.prototype) as object,
  Symbol.toStringTag,
)?.get as (this: unknown) => string | undefined;

function typedArray(tag: number, name: string, View: ViewConstructor): Kind<ArrayBufferView> {
  return kind<ArrayBufferView>({
    tag,
    name,
    typeText: name,
    holdsBytes: true,
    prototype: View.prototype as object,
    // The getter looks at the inner slot: an object that only has the prototype gives undefined.
    recognise: (value) =>
      nameOfTypedArray.call(value) === name && Object.getPrototypeOf(value as object) === View.prototype,
    lower: (value) => lowerView(value, (buffer, offset) => new View(buffer, offset, lengthOf(value))),
    raise: (parts) => {
      expectParts(parts, 1);
      return new View(bytesPart(parts, 0).buffer);
    },
  });
}

/** The typed arrays. Tag 31 is kept for Float16Array. */
export const typedArrayKinds: readonly Kind<ArrayBufferView>[] = [
  typedArray(20, "Uint8Array", Uint8Array),
  typedArray(21, "Uint8ClampedArray", Uint8ClampedArray),
  typedArray(22, "Int8Array", Int8Array),
  typedArray(23, "Int16Array", Int16Array),
  typedArray(24, "Uint16Array", Uint16Array),
  typedArray(25, "Int32Array", Int32Array),
  typedArray(26, "Uint32Array", Uint32Array),
  typedArray(27, "Float32Array", Float32Array),
  typedArray(28, "Float64Array", Float64Array),
  typedArray(29, "BigInt64Array", BigInt64Array),
  typedArray(30, "BigUint64Array", BigUint64Array),
];

/** Node's Buffer; decoded with an ArrayBuffer of its own. */
export const bufferKind: Kind<Buffer> = kind<Buffer>({
  tag: 19,
  name: "Buffer",
  typeText: "Buffer",
  holdsBytes: true,
  prototype: Buffer.prototype,
  recognise: (value) =>
    nameOfTypedArray.call(value) === "Uint8Array" && Object.getPrototypeOf(value as object) === Buffer.prototype,
  lower: (value) => lowerView(value, (buffer, offset) => Buffer.from(buffer, offset, value.length)),
  raise: (parts) => {
    expectParts(parts, 1);
    return Buffer.from(bytesPart(parts, 0).buffer);
  },
});

/** ArrayBuffer of fixed size. */
export const arrayBufferKind: Kind<ArrayBuffer> = kind<ArrayBuffer>({
  tag: 17,
  name: "ArrayBuffer",
  typeText: "ArrayBuffer",
  holdsBytes: true,
  prototype: ArrayBuffer.prototype,
  recognise: (value) => types.isArrayBuffer(value),
  lower: (value) => {
    expectBare(value);
    expectAttached(value);
    if ((value as { readonly resizable?: boolean }).resizable) {
      throw new Refusal("is a resizable ArrayBuffer", "Send a copy of fixed size: buffer.slice(0).");
    }
    return [new RawBytes(new Uint8Array(value))];
  },
  raise: (parts) => {
    expectParts(parts, 1);
    return bytesPart(parts, 0).buffer;
  },
});

/** DataView over the bytes that it shows. */
export const dataViewKind: Kind<DataView> = kind<DataView>({
  tag: 18,
  name: "DataView",
  typeText: "DataView",
  holdsBytes: true,
  prototype: DataView.prototype,
  recognise: types.isDataView,
  lower: (value) => {
    expectBare(value);
    return lowerView(value);
  },
  raise: (parts) => {
    expectParts(parts, 1);
    return new DataView(bytesPart(parts, 0).buffer);
  },
});

function lowerView(
  value: ArrayBufferView,
  twin?: (buffer: ArrayBuffer, offset: number) => ArrayBufferView,
): readonly unknown[] {
  const { buffer } = value;
  if (!(buffer instanceof ArrayBuffer)) {
    throw new Refusal(
      "shares its memory (SharedArrayBuffer)",
      "Send a copy of the bytes; steps do not share memory with their flow.",
    );
  }
  expectAttached(buffer);
  // Listing the keys of a typed array makes a string of every index. Node's comparison looks at the others natively,
  // and comparing a view with a second view of the same bytes is a memory comparison.
  if (twin && !isDeepStrictEqual(value, twin(buffer, value.byteOffset))) {
    throw new Refusal(
      "has properties added to a typed array",
      "Send them beside it, as fields of an object that holds both.",
    );
  }
  return [new RawBytes(new Uint8Array(buffer, value.byteOffset, value.byteLength))];
}

function expectAttached(buffer: ArrayBuffer): void {
  if (buffer.byteLength > 0) return;
  try {
    // A transferred buffer has no bytes and refuses new views; an empty one allows them.
    new Uint8Array(buffer);
  } catch {
    throw new Refusal("has been transferred away", "Copy it before you transfer it.");
  }
}

function lengthOf(value: ArrayBufferView): number {
  return (value as Uint8Array).length;
}
