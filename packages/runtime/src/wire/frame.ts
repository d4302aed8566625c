/** Frames: many byte strings in one buffer that is transferred once. Used for the parameters and the outcomes of a batch. */

/** Where one byte string lies in its frame. */
export interface FrameSpan {
  /** Bytes from the start of the frame. */
  readonly at: number;
  /** Bytes. */
  readonly size: number;
}

/** Collects byte strings; nothing is copied before `take`, so they must not change until then. */
export class FrameWriter {
  #parts: Uint8Array[] = [];
  #size = 0;

  /** Adds a byte string and says where it will lie. */
  add(bytes: Uint8Array): FrameSpan {
    const span = { at: this.#size, size: bytes.byteLength };
    this.#parts.push(bytes);
    this.#size += bytes.byteLength;
    return span;
  }

  /** Bytes so far. */
  get size(): number {
    return this.#size;
  }

  /** Builds the frame of everything added since the last `take`. The buffer is nobody else's: it may be transferred. */
  take(): ArrayBuffer {
    const frame = new Uint8Array(this.#size);
    let at = 0;
    for (const part of this.#parts) {
      frame.set(part, at);
      at += part.byteLength;
    }
    this.#parts = [];
    this.#size = 0;
    return frame.buffer;
  }
}

/** The bytes of a span, as a view: for a reader that is done before the frame goes. */
export function viewInFrame(frame: ArrayBuffer, span: FrameSpan): Uint8Array {
  return new Uint8Array(frame, span.at, span.size);
}

/**
 * The bytes of a span, to be kept. A copy, so that a small value does not hold its whole batch in memory; a value that
 * is most of its frame is a view, since copying it would cost more than it frees.
 */
export function keepFromFrame(frame: ArrayBuffer, span: FrameSpan): Uint8Array {
  const view = viewInFrame(frame, span);
  return span.size * 2 > frame.byteLength ? view : view.slice();
}
