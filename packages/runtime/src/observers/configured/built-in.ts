/** The built-in loggers, notifiers and checkpointers by the names that configurations use, each with the schema of its parameters. */
import { resolve } from "node:path";
import type { JsonSchema } from "@millrace/core";
import { fileCheckpointer } from "../../stores/checkpoint/file-checkpointer.js";
import { consoleObserver } from "../console-observer.js";
import { fileObserver } from "../file-observer.js";
import { jsonLinesObserver } from "../json-lines-observer.js";
import { type EmailObserverOptions, emailObserver } from "../notifications/email-observer.js";
import { type WebhookObserverOptions, webhookObserver } from "../notifications/webhook-observer.js";
import type { Constructible } from "./make-configured.js";

const TEXT: JsonSchema = { type: "string" };
const NUMBER: JsonSchema = { type: "number" };
const MOMENTS: JsonSchema = {
  type: "array",
  items: { enum: ["start", "restart", "success", "failure", "abort", "suspend"] },
};
const TRIES = { on: MOMENTS, attempts: NUMBER, timeout: NUMBER };

/** Where relative paths start, and where the file logger writes if nobody says. */
export interface BuiltInPlaces {
  readonly root: string;
  readonly logs: string;
}

/** By name. */
export function builtIns({ root, logs }: BuiltInPlaces): Readonly<Record<string, Constructible>> {
  return {
    ConsoleLogger: builtIn(
      { successes: { enum: ["limited", "none"] }, color: { type: "boolean" } },
      [],
      consoleObserver,
    ),
    FileLogger: builtIn({ dir: TEXT, retentionDays: NUMBER }, [], ({ dir = logs, retentionDays }: FileParams) =>
      // A negative number keeps all, as the ancestor's files say; data has no infinity.
      fileObserver({
        dir: resolve(root, dir),
        ...(retentionDays === undefined
          ? {}
          : { retentionDays: retentionDays < 0 ? Number.POSITIVE_INFINITY : retentionDays }),
      }),
    ),
    JsonLogger: builtIn({}, [], () => jsonLinesObserver()),
    Webhook: builtIn(
      { url: TEXT, headers: { type: "object", additionalProperties: TEXT }, ...TRIES },
      ["url", "on"],
      (params: WebhookObserverOptions) => webhookObserver(params),
    ),
    Email: builtIn(
      {
        transport: { anyOf: [TEXT, { type: "object" }] },
        from: TEXT,
        to: { anyOf: [TEXT, { type: "array", items: TEXT }] },
        ...TRIES,
      },
      ["transport", "from", "to", "on"],
      (params: EmailObserverOptions) => emailObserver(params),
    ),
    FileCheckpointer: builtIn({ dir: TEXT }, ["dir"], ({ dir }: { readonly dir: string }) =>
      fileCheckpointer(resolve(root, dir)),
    ),
  };
}

interface FileParams {
  readonly dir?: string;
  readonly retentionDays?: number;
}

/** A function with the schema of its parameters, which is checked before it is called. */
function builtIn<P extends object>(
  properties: Readonly<Record<string, JsonSchema>>,
  required: readonly string[],
  make: (params: P) => object,
): Constructible {
  const parameters: JsonSchema = { type: "object", properties, required, additionalProperties: false };
  // Safe: the schema says what P is.
  return Object.assign((params: object) => make(params as P), { parameters });
}
