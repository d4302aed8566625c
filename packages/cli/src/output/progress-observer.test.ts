import { PassThrough } from "node:stream";
import { observerConformance } from "@millrace/testing/conformance";
import { progressObserver } from "./progress-observer.js";

observerConformance("progress on a terminal", () => {
  const stream = new PassThrough();
  let text = "";
  stream.on("data", (chunk) => {
    text += String(chunk);
  });
  // Safe: the display uses no more of a terminal than these.
  const terminal = Object.assign(stream, { isTTY: true, columns: 80, rows: 24 }) as unknown as NodeJS.WriteStream;
  return { open: () => progressObserver({ stream: terminal }), written: () => text };
});
