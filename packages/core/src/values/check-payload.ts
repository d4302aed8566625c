/**
 * Checks that bytes are one complete MessagePack value of the forms that Millrace writes: no extensions, no records,
 * string keys, valid UTF-8, lengths within the bytes, bounded depth. One pass without recursion, before msgpackr reads.
 */
import { isUtf8 } from "node:buffer";
import { MAX_DEPTH } from "./trail.js";
import { unreadable } from "./unreadable.js";

// A root and one level for each level of the value.
const MAX_PAYLOAD_DEPTH = MAX_DEPTH + 1;

/** @throws MillraceError `value-unreadable` naming the first byte that does not belong. */
export function checkPayload(payload: Uint8Array): void {
  // open[d] counts the items still missing at depth d; a map's keys and values count alike.
  const open: number[] = [1];
  const isMap: boolean[] = [false];
  let depth = 0;
  let at = 0;
  while (depth >= 0) {
    const left = open[depth] ?? 0;
    if (left === 0) {
      depth -= 1;
      continue;
    }
    open[depth] = left - 1;
    const start = at;
    const byte = payload[at];
    if (byte === undefined) throw damaged(at, "they end too early");
    const form = FORMS[byte] as Form;
    at += 1;
    let size = form.fixed;
    if (form.lengthBytes > 0) {
      if (at + form.lengthBytes > payload.length) throw damaged(start, "they end too early");
      size = 0;
      for (let i = 0; i < form.lengthBytes; i++) size = size * 256 + (payload[at + i] ?? 0);
      at += form.lengthBytes;
    }
    if (isMap[depth] && left % 2 === 0 && form.type !== "text") throw damaged(start, "a key is no text");
    if (form.type === "refused") throw damaged(start, `byte 0x${byte.toString(16)} is never written`);
    if (form.type === "scalar" || form.type === "text" || form.type === "bin") {
      if (size > payload.length - at) throw damaged(start, "they end too early");
      if (form.type === "text" && !isText(payload, at, size)) throw damaged(start, "a text is no UTF-8");
      at += size;
      continue;
    }
    const items = form.type === "map" ? size * 2 : size;
    if (items > payload.length - at) throw damaged(start, "they end too early");
    depth += 1;
    if (depth > MAX_PAYLOAD_DEPTH) throw damaged(start, `they nest deeper than ${MAX_DEPTH}`);
    open[depth] = items;
    isMap[depth] = form.type === "map";
  }
  if (at !== payload.length) throw damaged(at, "more follows after the end");
}

function isText(payload: Uint8Array, at: number, size: number): boolean {
  // Short texts are nearly always ASCII; the loop spares them a view and a call.
  const end = at + size;
  if (size < 32) {
    let i = at;
    while (i < end && (payload[i] ?? 0) < 0x80) i++;
    if (i === end) return true;
  }
  return isUtf8(payload.subarray(at, end));
}

function damaged(at: number, reason: string): Error {
  return unreadable(`its bytes are damaged at ${at}: ${reason}`);
}

/** What one first byte announces. */
interface Form {
  readonly type: "scalar" | "text" | "bin" | "array" | "map" | "refused";
  /** Bytes of the length field that follows. */
  readonly lengthBytes: number;
  /** Size (bytes or items) where no length field follows. */
  readonly fixed: number;
}

// 0xC1 is the marker of tagged kinds; 0xCF and 0xD3 (64-bit integers) are not written: BigInt is a tagged kind.
const LONG_FORMS: ReadonlyMap<number, Form> = new Map<number, Form>([
  [0xc0, { type: "scalar", lengthBytes: 0, fixed: 0 }],
  [0xc1, { type: "scalar", lengthBytes: 0, fixed: 0 }],
  [0xc2, { type: "scalar", lengthBytes: 0, fixed: 0 }],
  [0xc3, { type: "scalar", lengthBytes: 0, fixed: 0 }],
  [0xc4, { type: "bin", lengthBytes: 1, fixed: 0 }],
  [0xc5, { type: "bin", lengthBytes: 2, fixed: 0 }],
  [0xc6, { type: "bin", lengthBytes: 4, fixed: 0 }],
  [0xcb, { type: "scalar", lengthBytes: 0, fixed: 8 }],
  [0xcc, { type: "scalar", lengthBytes: 0, fixed: 1 }],
  [0xcd, { type: "scalar", lengthBytes: 0, fixed: 2 }],
  [0xce, { type: "scalar", lengthBytes: 0, fixed: 4 }],
  [0xd0, { type: "scalar", lengthBytes: 0, fixed: 1 }],
  [0xd1, { type: "scalar", lengthBytes: 0, fixed: 2 }],
  [0xd2, { type: "scalar", lengthBytes: 0, fixed: 4 }],
  [0xd9, { type: "text", lengthBytes: 1, fixed: 0 }],
  [0xda, { type: "text", lengthBytes: 2, fixed: 0 }],
  [0xdb, { type: "text", lengthBytes: 4, fixed: 0 }],
  [0xdc, { type: "array", lengthBytes: 2, fixed: 0 }],
  [0xdd, { type: "array", lengthBytes: 4, fixed: 0 }],
  [0xde, { type: "map", lengthBytes: 2, fixed: 0 }],
  [0xdf, { type: "map", lengthBytes: 4, fixed: 0 }],
]);

const FORMS: readonly Form[] = Array.from({ length: 256 }, (_, byte) => formOf(byte));

function formOf(byte: number): Form {
  const form = (type: Form["type"], lengthBytes = 0, fixed = 0): Form => ({ type, lengthBytes, fixed });
  if (byte < 0x80 || byte >= 0xe0) return form("scalar");
  if (byte < 0x90) return form("map", 0, byte & 0x0f);
  if (byte < 0xa0) return form("array", 0, byte & 0x0f);
  if (byte < 0xc0) return form("text", 0, byte & 0x1f);
  return LONG_FORMS.get(byte) ?? form("refused");
}
