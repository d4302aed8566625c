/** Makes the built-in loggers, notifiers and checkpointers by the names that configurations use. */
import { resolve } from "node:path";
import { BUILT_IN_OBSERVERS, type BuiltInObserverName } from "@millrace/core";
import { fileCheckpointer } from "../../stores/checkpoint/file-checkpointer.js";
import { type ConsoleObserverOptions, consoleObserver } from "../console-observer.js";
import { fileObserver } from "../file-observer.js";
import { jsonLinesObserver } from "../json-lines-observer.js";
import { type EmailObserverOptions, emailObserver } from "../notifications/email-observer.js";
import { type WebhookObserverOptions, webhookObserver } from "../notifications/webhook-observer.js";
import type { Constructible } from "./make-configured.js";

/** Where relative paths start, and where the file logger writes if nobody says. */
export interface BuiltInPlaces {
  readonly root: string;
  readonly logs: string;
}

/** By name; each with the schema of its parameters, which is checked before it is called. */
export function builtIns({ root, logs }: BuiltInPlaces): Readonly<Record<BuiltInObserverName, Constructible>> {
  return {
    ConsoleLogger: builtIn("ConsoleLogger", (params: ConsoleObserverOptions) => consoleObserver(params)),
    FileLogger: builtIn("FileLogger", ({ dir = logs, retentionDays }: FileParams) =>
      // A negative number keeps all, as the ancestor's files say; data has no infinity.
      fileObserver({
        dir: resolve(root, dir),
        ...(retentionDays === undefined
          ? {}
          : { retentionDays: retentionDays < 0 ? Number.POSITIVE_INFINITY : retentionDays }),
      }),
    ),
    JsonLogger: builtIn("JsonLogger", () => jsonLinesObserver()),
    Webhook: builtIn("Webhook", (params: WebhookObserverOptions) => webhookObserver(params)),
    Email: builtIn("Email", (params: EmailObserverOptions) => emailObserver(params)),
    FileCheckpointer: builtIn("FileCheckpointer", ({ dir }: { readonly dir: string }) =>
      fileCheckpointer(resolve(root, dir)),
    ),
  };
}

interface FileParams {
  readonly dir?: string;
  readonly retentionDays?: number;
}

function builtIn<P extends object>(name: BuiltInObserverName, make: (params: P) => object): Constructible {
  const { parameters } = BUILT_IN_OBSERVERS[name];
  // Safe: the schema says what P is.
  return Object.assign((params: object) => make(params as P), { parameters });
}
