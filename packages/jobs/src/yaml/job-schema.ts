/**
 * The JSON Schema of job files, for editors: of any project's (`schema/job.schema.json`), or with the tasks of a build and their parameters. It completes
 * and explains; what is wrong is told by `flow check`, which sees all files together.
 */
import {
  BUILT_IN_OBSERVERS,
  type BuiltInObserver,
  commandSignature,
  FAILURE_POLICIES,
  type FlowEntry,
  type JobRun,
  type JsonSchema,
  type Manifest,
  OPTION_NAMES,
  type TaskEntry,
  UNMATCHED_POLICIES,
} from "@millrace/core";
import { JOB_VERSIONS } from "./read-config.js";
import { OTHER_NAMES } from "./read-watchers.js";
import { orFilledLater, writableSchema } from "./writable-schema.js";

/** A schema with the keywords that manifests do without. */
export interface JobSchema extends JsonSchema {
  readonly $schema?: string;
  readonly if?: JsonSchema;
  readonly then?: JsonSchema;
}

const TEXT: JsonSchema = { type: "string" };
const NAMES: JsonSchema = { anyOf: [TEXT, { type: "array", items: TEXT }] };
const LIST: JsonSchema = { type: "array", items: TEXT };
const DURATION: JsonSchema = { type: "string", description: "A duration with its unit: 500ms, 30s, 2h." };
const FLAG = orFilledLater({ type: "boolean" });

/** The schema; with a build, tasks and flows are those that it has. */
export function jobSchema(build: Pick<Manifest, "tasks" | "flows"> = { tasks: {}, flows: {} }): JobSchema {
  const entries = [...Object.values(build.tasks), ...Object.values(build.flows)];
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Millrace job",
    description: "Tasks of a project, what they are given, and what they wait for.",
    type: "object",
    additionalProperties: false,
    properties: {
      version: { description: "Version of the file.", enum: [...JOB_VERSIONS] },
      config: { description: "What concerns the job as a whole.", ...closed(CONFIG) },
      include: { description: "Files that this one is laid over, relative to it.", ...NAMES },
      tasks: { description: "The tasks by name.", type: "object", additionalProperties: { $ref: "#/$defs/:task" } },
      rules: {
        description: "In place of tasks: rules by name, which match tokens and give tokens.",
        type: "object",
        additionalProperties: { $ref: "#/$defs/:rule" },
      },
      tokens: { description: "What the rules begin with.", type: "array", items: { type: "object" } },
      variables: { description: "Values that rules may name as vars.name.", type: "object" },
      unmatched: { description: "What becomes of a token that no rule matches.", enum: [...UNMATCHED_POLICIES] },
      limits: { description: "When a run of rules that may never end is ended.", ...closed(LIMITS) },
      open: { description: "The run waits for more tokens until it is told to close.", ...FLAG },
      loggers: {
        description: "Who is told what the job says, by name; in place of the project's.",
        ...watchers("logger"),
      },
      extensions: { description: "Who is told how the job stands, by name.", ...watchers("extension") },
      checkpointer: {
        description: "Where runs are kept, in place of the project's store.",
        ...watcher("checkpointer"),
      },
      aliases: { description: "Anything: a place for anchors." },
    },
    $defs: Object.fromEntries([
      [":task", taskSchema(build)],
      [":rule", ruleSchema(build)],
      ...Object.entries(COMMANDS).map(([kind, run]): [string, JsonSchema] => [
        `:${kind}`,
        writableSchema(commandSignature(run)?.paramsSchema ?? {}, `#/$defs/:${kind}`),
      ]),
      ...Object.entries(BUILT_IN_OBSERVERS).map(([name, builtIn]): [string, JsonSchema] => [
        `:${name}`,
        builtInSchema(name, builtIn),
      ]),
      ...entries.flatMap(parameterSchemas),
    ]),
  };
}

const LIMITS: Readonly<Record<string, JsonSchema>> = {
  depth: orFilledLater({ type: "integer", minimum: 1, description: "Longest chain of firings." }),
  tokens: orFilledLater({ type: "integer", minimum: 1, description: "Most tokens in all." }),
  stack: orFilledLater({ type: "integer", minimum: 1, description: "Most calls that have not returned." }),
};

const CONFIG: Readonly<Record<string, JsonSchema>> = {
  name: { ...TEXT, description: "Name of the job in lists; default: that of the file." },
  max_concurrency: orFilledLater({ type: "integer", description: "Most tasks that run at once; 0 is no limit." }),
  policy: orFilledLater({ enum: [...FAILURE_POLICIES], description: "What a failure means to others." }),
  timeout: { ...DURATION, description: "Longest time of the whole job." },
  extension_directories: {
    ...LIST,
    description: "Folders with modules that export loggers, extensions and checkpointers.",
  },
  extension_packages: { ...LIST, description: "Installed packages that export loggers, extensions and checkpointers." },
};

const RETRY: Readonly<Record<string, JsonSchema>> = {
  attempts: orFilledLater({ type: "integer", minimum: 1, description: "Attempts in total." }),
  backoff: orFilledLater({ enum: ["fixed", "linear", "exponential"], description: "Growth of the pause." }),
  delay: { description: "Pause before the second attempt." },
  maxDelay: { description: "Upper bound of the pause." },
  jitter: orFilledLater({ type: "number", minimum: 0, maximum: 1, description: "Share of the pause that is random." }),
  retryOn: { type: "array", items: TEXT, description: "Names of the errors that are worth another attempt." },
};

function watchers(kind: string): JsonSchema {
  return { type: "object", additionalProperties: watcher(kind) };
}

/** Built-ins with what they take; other names are those of modules. */
function watcher(kind: string): JobSchema {
  const parameters: JsonSchema = { type: "object", description: "By name." };
  const keeps = kind === "checkpointer" ? "checkpointer" : "observer";
  const builtIns = Object.entries(BUILT_IN_OBSERVERS).filter(([, builtIn]) => builtIn.kind === keeps);
  const named = closed({
    [kind]: {
      description: "Name of a built-in, or of what a module exports.",
      anyOf: [...builtIns.map(([name, { description }]) => ({ const: name, description })), TEXT],
    },
    variant: { ...TEXT, description: `The same as ${kind}.` },
    parameters,
    params: parameters,
  });
  const taken = builtIns.map(([name]) =>
    parametersIf({ properties: { [kind]: { const: name } }, required: [kind] }, `#/$defs/:${name}`),
  );
  return { ...named, allOf: taken };
}

/** What a built-in takes, also by the names that the ancestor's files have. */
function builtInSchema(name: string, { description, parameters }: BuiltInObserver): JsonSchema {
  const schema = writableSchema(parameters, `#/$defs/:${name}`);
  const others = Object.entries(OTHER_NAMES[name] ?? {}).map(([other, own]) => [other, schema.properties?.[own] ?? {}]);
  return { ...schema, description, properties: { ...schema.properties, ...Object.fromEntries(others) } };
}

function taskSchema(build: Pick<Manifest, "tasks" | "flows">): JobSchema {
  const dependencies: JsonSchema = { description: "Tasks that have to succeed before.", ...NAMES };
  return workSchema(build, {
    dependencies,
    after: { ...dependencies, description: "Short for dependencies." },
    depends_on: { ...dependencies, description: "The same as dependencies." },
    critical: { description: "What its failure means to the whole job.", ...FLAG },
    forever: { description: "It runs beside the others and is aborted when they are over.", ...FLAG },
  });
}

function ruleSchema(build: Pick<Manifest, "tasks" | "flows">): JobSchema {
  const rules = Object.fromEntries(Object.entries(build.tasks).filter(([, { rule }]) => rule !== undefined));
  const next: JsonSchema = {
    type: "array",
    items: closed({
      token: { description: "A token, a list of them, or null for none." },
      back: { description: "It is a call: this token follows when a rule returns from it." },
      return: { description: "Goes back to where the innermost call says, with this value." },
      each: { description: "A list: one for each of its items, which references name as item." },
    }),
  };
  const repeat = orFilledLater({ type: "integer" as const, minimum: 1, description: "So often it is tried again." });
  return workSchema(build, {
    filter: { type: "object", description: "What a token has to have, at any depth." },
    rule: { description: "The rule class that runs.", ...idsOf(rules) },
    next: { description: "The tokens that follow.", ...next },
    on_error: { description: "What is done when it fails.", ...closed({ repeat, next }) },
  });
}

/** What runs, what it is given, and its options. */
function workSchema(
  { tasks, flows }: Pick<Manifest, "tasks" | "flows">,
  more: Readonly<Record<string, JsonSchema>>,
): JobSchema {
  const parameters: JsonSchema = { type: "object", description: "By name." };
  const options = Object.fromEntries(OPTION_NAMES.filter((name) => name !== "name").map((name) => [name, {}]));
  const properties: Readonly<Record<string, JsonSchema>> = {
    task: { description: "The task that runs.", ...idsOf(tasks) },
    variant: { description: "The same as task.", ...idsOf(tasks) },
    flow: { description: "The flow that runs.", ...idsOf(flows) },
    shell: { ...TEXT, description: "The command that runs, in bash. Results reach it by parameters.env alone." },
    container: { ...TEXT, description: "The image that runs in a container." },
    parameters,
    params: { ...parameters, description: "Short for parameters." },
    max_attempts: orFilledLater({
      type: "integer",
      minimum: 1,
      description: "Attempts in total: 3 is one and two retries.",
    }),
    backoff: { description: "Pause before another attempt: seconds, or a duration." },
    retry: { description: "How failed attempts are tried again.", ...closed(RETRY) },
    timeout: { ...DURATION, description: "Longest time of an attempt." },
    options: { description: "Any other option of a step.", ...closed(options) },
    ...more,
  };
  const called = [...Object.values(tasks), ...Object.values(flows)].map(({ kind, id }) =>
    parametersIf({ properties: { [kind]: { const: id } }, required: [kind] }, placeOf({ kind, id })),
  );
  const commands = Object.keys(COMMANDS).map((kind) => parametersIf({ required: [kind] }, `#/$defs/:${kind}`));
  return { ...closed(properties), allOf: [...commands, ...called] };
}

function closed(properties: Readonly<Record<string, JsonSchema>>): JsonSchema {
  return { type: "object", additionalProperties: false, properties };
}

function idsOf(entries: Readonly<Record<string, TaskEntry | FlowEntry>>): JsonSchema {
  const ids = Object.keys(entries);
  return ids.length === 0 ? TEXT : orFilledLater({ enum: ids });
}

/** Whoever runs this takes these parameters. */
function parametersIf(condition: JsonSchema, place: string): JobSchema {
  const parameters: JsonSchema = { $ref: place };
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  return { if: condition, then: { properties: { parameters, params: parameters } } };
}

/** Commands take the same whatever they are: by the field that holds them. */
const COMMANDS: Readonly<Record<string, JobRun>> = { shell: { shell: "" }, container: { container: "" } };

function placeOf({ kind, id }: Pick<TaskEntry | FlowEntry, "kind" | "id">): string {
  return `#/$defs/${kind}:${encodeURIComponent(id)}`;
}

/** What an entry takes, with the comments of its parameters, and the types that this names. */
function parameterSchemas(entry: TaskEntry | FlowEntry): readonly [string, JsonSchema][] {
  const { paramsSchema, params, doc, kind, id } = entry;
  const place = placeOf(entry);
  const { $defs = {} } = paramsSchema;
  const own = writableSchema(paramsSchema, place);
  const properties = Object.fromEntries(
    Object.entries(own.properties ?? {}).map(([name, schema]) => {
      const described = params.find((param) => param.name === name)?.doc;
      return [name, described === undefined ? schema : { description: described, ...schema }];
    }),
  );
  const name = `${kind}:${id}`;
  return [
    [name, { ...own, ...(doc === undefined ? {} : { description: doc }), properties, additionalProperties: false }],
    ...Object.entries($defs).map(([inner, schema]): [string, JsonSchema] => [
      `${name}.${inner}`,
      writableSchema(schema, place),
    ]),
  ];
}

/** The document as a file holds it. */
export function jobSchemaText(schema: JobSchema): string {
  return `${JSON.stringify(schema, null, 2)}\n`;
}
