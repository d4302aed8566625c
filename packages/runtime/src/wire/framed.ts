/** Things with a value, on the wire: the bytes lie in the frame of their message. Shared state travels so, both ways. */
import { type FrameSpan, type FrameWriter, keepFromFrame } from "./frame.js";

/** A thing with a place in a frame instead of its encoded `value`; things without one as they are. */
export type Framed<T extends object> = T extends { readonly value: Uint8Array }
  ? Omit<T, "value"> & { readonly value: FrameSpan }
  : "value" extends keyof T
    ? Omit<T, "value"> & { readonly value?: FrameSpan }
    : T;

/** Puts the bytes into a frame. */
export function framed<T extends object>(thing: T, frame: FrameWriter): Framed<T> {
  const { value, ...rest } = thing as { readonly value?: Uint8Array };
  // What has bytes gets a span, what has none stays as it is: the branches of Framed.
  return (value === undefined ? rest : { ...rest, value: frame.add(value) }) as unknown as Framed<T>;
}

/** Takes the bytes out of their frame, to be kept; `frame` may be missing if nothing has bytes. */
export function unframed<T extends object>(thing: Framed<T>, frame: ArrayBuffer | undefined): T {
  const { value, ...rest } = thing as { readonly value?: FrameSpan };
  const whole = value === undefined ? rest : { ...rest, value: keepFromFrame(frame ?? new ArrayBuffer(0), value) };
  return whole as unknown as T; // the inverse of `framed`
}
