/** `this.log` of a flow body: lines become events of the run; silent while a replay catches up, since they were said before. */
import { format } from "node:util";
import { type LogLevel, withoutRevealed } from "@millrace/core";
import type { FlowBinding } from "@millrace/sdk/internal";
import type { RunHost } from "../../steps/unit.js";

/** Makes the logger of a body. */
export function bodyLogger(host: RunHost, audible: () => boolean): FlowBinding["log"] {
  const at =
    (level: LogLevel) =>
    (message: string, ...args: readonly unknown[]): void => {
      if (audible()) host.emit({ type: "log", level, text: withoutRevealed(format(message, ...args)) });
    };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}
