/** What commands and containers take and give, as schemas: so that they are checked before a run begins, as tasks are by those of the build. */
import type { JsonSchema } from "../json-schema/json-schema.js";
import type { JobRun } from "./job-graph.js";

/** What a node takes and gives. */
export interface RunSignature {
  /** For messages. */
  readonly id: string;
  readonly paramsSchema: JsonSchema;
  readonly params: readonly { readonly name: string }[];
  readonly result: { readonly schema: JsonSchema };
}

const TEXT: JsonSchema = { type: "string", minLength: 1 };
/** Texts, numbers and booleans as they are, lists and objects as JSON. */
const WRITTEN: JsonSchema = {
  anyOf: [{ type: "string" }, { type: "number" }, { type: "boolean" }, { type: "array" }, { type: "object" }],
};

const SURROUNDINGS: Readonly<Record<string, JsonSchema>> = {
  cwd: { ...TEXT, description: "The folder, from that of the project." },
  env: { type: "object", additionalProperties: WRITTEN, description: "Variables, added to those of the process." },
  stdin: { ...TEXT, description: "A file that is read, from cwd." },
  stdout: { ...TEXT, description: "A file that each attempt writes anew, from cwd." },
  stderr: { ...TEXT, description: "A file that each attempt writes anew, from cwd." },
  hints: { type: "object", description: "For the place that runs it." },
};

const SHELL = signature("a command", SURROUNDINGS);
const CONTAINER = signature("a container", {
  ...SURROUNDINGS,
  args: { type: "array", items: WRITTEN, description: "What follows the image, each as it is." },
  digest: {
    type: "string",
    pattern: "^(?:sha256:)?[0-9a-f]{64}$",
    description: "The image's sha256, which then counts instead of its tag.",
  },
  name: { type: "string", pattern: "^[A-Za-z0-9][\\w.-]*$", description: "Name of the container." },
  host: { ...TEXT, description: "Address of the daemon that runs it." },
});

/** The signature of a command or container; undefined for what else a node can run. */
export function commandSignature(run: JobRun): RunSignature | undefined {
  if ("shell" in run) return SHELL;
  return "container" in run ? CONTAINER : undefined;
}

function signature(id: string, properties: Readonly<Record<string, JsonSchema>>): RunSignature {
  return {
    id,
    paramsSchema: { type: "object", properties, additionalProperties: false },
    params: Object.keys(properties).map((name) => ({ name })),
    result: {
      schema: {
        type: "object",
        properties: { code: { type: "integer" }, stdout: { type: "string" } },
        required: ["code"],
        additionalProperties: false,
      },
    },
  };
}
