/** Where observers write text. A reader that goes away must not bring the run down with it. */

/** A stream, or anything with its `write`. */
export interface TextSink {
  write(text: string): unknown;
  /** Streams report a lost reader as an event, which ends the process if nobody listens. */
  on?(event: "error", listener: (error: Error) => void): unknown;
}

const tolerated = new WeakSet<TextSink>();

/** The sink, whose errors are ignored from now on: what cannot be written is dropped, as `console.log` does. */
export function tolerantSink<S extends TextSink>(sink: S): S {
  if (!tolerated.has(sink)) {
    tolerated.add(sink);
    sink.on?.("error", () => {});
  }
  return sink;
}
