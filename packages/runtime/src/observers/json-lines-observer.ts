/** Every event as one line of JSON: for programs that watch. */
import type { Observer } from "@millrace/core";
import { type TextSink, tolerantSink } from "./text-sink.js";

/** Writes events to a stream, by default stdout, as they are (core's RunEvent). */
export function jsonLinesObserver(options: { readonly stream?: TextSink } = {}): Observer {
  const stream = tolerantSink(options.stream ?? process.stdout);
  let closed = false;
  return {
    name: "json-lines",
    on(event) {
      if (!closed) stream.write(`${JSON.stringify(event)}\n`);
    },
    close() {
      closed = true;
    },
  };
}
