/**
 * What the configuration of any project can name: loggers, notifiers and checkpointers that are there, and what they take. The runtime makes them;
 * front ends check and explain what files say of them before that.
 */
import type { JsonSchema } from "../json-schema/json-schema.js";

/** One of them. */
export interface BuiltInObserver {
  /** A checkpointer keeps runs, everything else watches them. */
  readonly kind: "observer" | "checkpointer";
  /** One sentence. */
  readonly description: string;
  /** An object, by the names of the parameters. */
  readonly parameters: JsonSchema;
}

const TEXT: JsonSchema = { type: "string" };
const TRIES: Readonly<Record<string, JsonSchema>> = {
  on: {
    type: "array",
    items: { enum: ["start", "restart", "success", "failure", "abort", "suspend"] },
    description: "Moments that are told of.",
  },
  attempts: { type: "number", description: "Tries for each notification; default 3." },
  timeout: { type: "number", description: "Time of each try, ms; default 10000." },
};

/** Names of the built-ins. */
export type BuiltInObserverName =
  | "ConsoleLogger"
  | "FileLogger"
  | "JsonLogger"
  | "Webhook"
  | "Email"
  | "FileCheckpointer";

/** By name. No module can put something else in their place. */
export const BUILT_IN_OBSERVERS: Readonly<Record<BuiltInObserverName, BuiltInObserver>> = {
  ConsoleLogger: builtIn("observer", "Lines for people, on stderr.", {
    successes: { enum: ["limited", "none"], description: "Lines for steps that succeed; default limited." },
    color: { type: "boolean" },
  }),
  FileLogger: builtIn("observer", "A folder for each run, a file for each step that says something.", {
    dir: { ...TEXT, description: "From the folder of the project; default .flow/logs, where flow logs reads." },
    retentionDays: { type: "number", description: "Older folders are deleted; negative: none. Default 10." },
  }),
  JsonLogger: builtIn("observer", "Events for programs, a line of JSON each, on stdout.", {}),
  Webhook: builtIn(
    "observer",
    "Notifications to a web address.",
    {
      url: { ...TEXT, description: "Whole address, http or https." },
      headers: { type: "object", additionalProperties: TEXT },
      ...TRIES,
    },
    ["url", "on"],
  ),
  Email: builtIn(
    "observer",
    "Notifications by e-mail, through nodemailer.",
    {
      transport: {
        anyOf: [TEXT, { type: "object" }],
        description: "What nodemailer's createTransport takes: smtp://… or options.",
      },
      from: TEXT,
      to: { anyOf: [TEXT, { type: "array", items: TEXT }] },
      ...TRIES,
    },
    ["transport", "from", "to", "on"],
  ),
  FileCheckpointer: builtIn(
    "checkpointer",
    "A file for each job.",
    { dir: { ...TEXT, description: "From the folder of the project." } },
    ["dir"],
  ),
};

/** True for a name of theirs. */
export function isBuiltInObserver(name: string): name is BuiltInObserverName {
  return Object.hasOwn(BUILT_IN_OBSERVERS, name);
}

function builtIn(
  kind: BuiltInObserver["kind"],
  description: string,
  properties: Readonly<Record<string, JsonSchema>>,
  required: readonly string[] = [],
): BuiltInObserver {
  return { kind, description, parameters: { type: "object", properties, required, additionalProperties: false } };
}
