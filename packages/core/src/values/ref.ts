/** `Ref`: a recorded result that its flow hands on unread. It stands for the value by the hash of its stored bytes. */
import { createHash } from "node:crypto";
import { inspect } from "node:util";
import { MillraceError } from "../errors/millrace-error.js";
import type { StoredBytes } from "../run/facts.js";

/** Where a Ref keeps what it stands for; also its brand, shared by all copies of this package. */
const CONTENT = Symbol.for("millrace.ref");

/** What stands behind a Ref that a body has. */
export interface RefContent {
  readonly stored: StoredBytes;
  /** Decodes it, each time anew. */
  readonly decode: () => unknown;
}

/** A result of type T that a step has left behind: `call` takes it wherever it takes a T, and no thread but the one that needs it decodes it. */
export class Ref<out T = unknown> {
  /** SHA-256 of the stored bytes, hexadecimal. */
  readonly hash: string;
  /** Stored bytes in all. */
  readonly size: number;

  private constructor(hash: string, size: number) {
    this.hash = hash;
    this.size = size;
  }

  /** The Ref of a recorded result. Small results are hashed here, large ones where they are made. */
  static to(content: RefContent): Ref {
    const { stored } = content;
    const ref = new Ref(stored.hash ?? hashOf(stored.read()), stored.size);
    Object.defineProperty(ref, CONTENT, { value: content });
    return Object.freeze(ref);
  }

  /** A Ref as records name it, with nothing behind it. */
  static named(hash: string, size: number): Ref {
    return new Ref(hash, size);
  }

  /** True for those of any copy of this package. */
  static isRef(value: unknown): value is Ref {
    return typeof value === "object" && value !== null && BRAND in value && Object.hasOwn(value, "hash");
  }

  /** What stands behind it. @throws MillraceError `flow-misuse` for one that was read from a record. */
  static contentOf(ref: Ref): RefContent {
    const content = (ref as { readonly [CONTENT]?: RefContent })[CONTENT]; // put there by `to`
    if (content) return content;
    throw new MillraceError("flow-misuse", `${ref} has nothing behind it: it was read from a record.`, {
      hint: "Use a Ref in the flow that got it from this.ref.",
      data: { hash: ref.hash },
    });
  }

  /**
   * Reads and decodes it here and now, on the thread that asks: in a flow, the main thread. A fresh value each time, and the same on every resume.
   * @throws MillraceError `flow-misuse` for a Ref that did not come from `this.ref` of a running flow.
   */
  value(): T {
    return Ref.contentOf(this).decode() as T; // T is the result type of the step that was called
  }

  /** `[ref 3f2a91c0, 52428813 bytes]`. */
  toString(): string {
    return `[ref ${this.hash.slice(0, 8)}, ${this.size} bytes]`;
  }

  /** As toString. */
  toJSON(): string {
    return this.toString();
  }
}

/** SHA-256 of bytes, as a Ref has it. */
export function hashOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

const BRAND = Symbol.for("millrace.ref.brand");
Object.defineProperties(Ref.prototype, {
  [BRAND]: { value: true },
  [inspect.custom]: {
    value(this: Ref): string {
      return this.toString();
    },
  },
});
