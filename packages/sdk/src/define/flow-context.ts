/** What `run` of `defineFlow` gets beside its parameters. */
import type { FlowInfo } from "../context/flow-binding.js";
import type { Logger } from "../context/logger.js";
import type { Shared } from "../context/shared.js";
import { Flow } from "../flow.js";

/**
 * A running flow as its function sees it: `call`, `map`, `step`, … of `Flow`, and its log, signal, info and shared state. A helper
 * that serves both forms takes a `Flow`; one that writes to the log takes a `FlowContext`.
 */
export abstract class FlowContext extends Flow {
  override get signal(): AbortSignal {
    return super.signal;
  }

  override get log(): Logger {
    return super.log;
  }

  override get info(): FlowInfo {
    return super.info;
  }

  override get shared(): Shared {
    return super.shared;
  }
}
