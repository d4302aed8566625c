/** The other side of the round trip: decodes, encodes again, sends back. Bytes are all that crosses. */
import { parentPort } from "node:worker_threads";
import { decodeValue, encodeValue } from "@millrace/core";
import "./value-classes.mjs";

parentPort.on("message", ({ id, bytes }) => {
  try {
    const back = encodeValue(decodeValue(bytes));
    parentPort.postMessage({ id, bytes: back }, [back.buffer]);
  } catch (error) {
    parentPort.postMessage({ id, failure: String(error?.stack) });
  }
});
