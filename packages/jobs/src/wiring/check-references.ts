/** That what a job graph takes of results is there and fits, by the types of the build. What types do not tell is left to the run. */
import {
  type JobGraph,
  type JobGraphIssue,
  type JobParam,
  type JobReference,
  type JsonSchema,
  type Manifest,
  type RunSignature,
  referencesOf,
  referenceText,
  schemaToTypeText,
  suggestName,
} from "@millrace/core";
import { neverFits, type RootedSchema } from "./never-fits.js";
import { paramParts } from "./param-parts.js";
import { partOfSchema } from "./part-of-schema.js";
import { signatureOf } from "./signature-of.js";

type Build = Pick<Manifest, "tasks" | "flows">;

/**
 * What does not fit, by paths of the graph: `nodes[3].params.city`. Of nodes, tasks and flows that there are not nothing is said.
 * @param shown How the front end writes a reference.
 */
export function checkReferences(
  { nodes }: JobGraph,
  build: Build,
  shown: (reference: JobReference) => string = referenceText,
): readonly JobGraphIssue[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  return nodes.flatMap((node, i) =>
    paramParts(node.params ?? {}).whole.flatMap(({ param, way, path, within }): readonly JobGraphIssue[] =>
      referencesOf(param).flatMap((reference) => {
        const source = byId.get(reference.from);
        const result = source && signatureOf(source, build)?.result.schema;
        const taking = { reference, param, way, taker: signatureOf(node, build), text: shown(reference) };
        const message = result && whatIsWrong({ ...taking, result });
        if (message === undefined) return [];
        return [{ path: `nodes[${i}].params.${path}`, message, ...(within === "" ? {} : { within }) }];
      }),
    ),
  );
}

interface Taking {
  readonly reference: JobReference;
  /** The reference as it is written. */
  readonly text: string;
  /** Of the whole result. */
  readonly result: JsonSchema;
  readonly param: JobParam;
  readonly way: readonly string[];
  readonly taker: Pick<RunSignature, "paramsSchema"> | undefined;
}

function whatIsWrong({ reference, result, param, way, taker, text }: Taking): string | undefined {
  const part = partOfSchema(result, reference.path, result);
  if (part === "unknown") return undefined;
  if ("missing" in part) {
    const type = schemaToTypeText(result);
    const has = `The result of ${reference.from} is ${type}`;
    return `takes ${text}, and there is no "${part.missing}" in it. ${suggestName(part.missing, part.known, has)}`;
  }
  const source: RootedSchema = { schema: { anyOf: part.schemas }, root: result };
  const target: RootedSchema | undefined =
    "template" in param ? { schema: TEXTUAL, root: TEXTUAL } : taker && wantedBy(taker, way);
  if (!target || !neverFits(source, target)) return undefined;
  const is = part.schemas.map((one) => schemaToTypeText(one, result)).join(" | ");
  const wants =
    "template" in param
      ? "a text, a number or a boolean, to stand in a text"
      : schemaToTypeText(target.schema, target.root);
  return `takes ${text}, which is ${is}; it has to be ${wants}`;
}

/** What can stand in a template. */
const TEXTUAL: JsonSchema = {
  anyOf: [{ type: "string" }, { type: "number" }, { type: "boolean" }, { "x-millrace-kind": "bigint" }],
};

function wantedBy(
  { paramsSchema }: Pick<RunSignature, "paramsSchema">,
  way: readonly string[],
): RootedSchema | undefined {
  const part = partOfSchema(paramsSchema, way, paramsSchema);
  if (part === "unknown" || "missing" in part) return undefined;
  return { schema: { anyOf: part.schemas }, root: paramsSchema };
}
