/** `this.emit` of a flow body: chunks for those who read its stream; silent while a replay catches up, since they were handed out before. */
import type { StepRef } from "@millrace/core";
import type { FlowBinding } from "@millrace/sdk/internal";
import { encodeChunk } from "../../attempt/encode-output.js";
import type { RunHost } from "../../steps/unit.js";

/** Makes the emitter of a body. @param at The body, under the names of the step that it is; a run's own body under its flow's. */
export function bodyEmitter(host: RunHost, at: StepRef, audible: () => boolean): FlowBinding["emit"] {
  return (chunk) => {
    const bytes = encodeChunk(chunk, at);
    if (audible()) host.stream(at, 1, bytes);
  };
}
