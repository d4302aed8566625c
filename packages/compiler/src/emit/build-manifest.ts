/** Makes the manifest document out of facts, graphs and fingerprints. Key order here is key order in the file. */
import { createRequire } from "node:module";
import {
  type BuildHash,
  type CallSchemas,
  type DeclarationEntry,
  type FingerprintRecord,
  type FlowEntry,
  type FlowGraph,
  GRAPH_VERSION,
  MANIFEST_VERSION,
  type Manifest,
  type ParamEntry,
  type StepOptions,
  type TaskEntry,
  type TypeEntry,
} from "@millrace/core";
import { readSchedule } from "@millrace/core/schedule";
import type { Fingerprinter } from "../fingerprint/fingerprint-declaration.js";
import { objectToSchema } from "../schema/type-to-schema.js";
import type { DeclarationFacts, ParamWithSchema } from "../tasks/read-declaration.js";
import { sharedKeys } from "../tasks/shared-keys.js";
import type { SharedUses } from "../tasks/shared-uses.js";
import { typeText } from "../tasks/type-text.js";
import { outputPath } from "./output-path.js";

/** What a manifest is made of. */
export interface ManifestParts {
  readonly facts: readonly DeclarationFacts[];
  /** By flow id. */
  readonly graphs: ReadonlyMap<string, FlowGraph>;
  readonly sharedUses: SharedUses;
  readonly callSchemas: CallSchemas;
  readonly fingerprints: Fingerprinter;
}

/** The manifest with an empty `build`: the hash is taken over this document. */
export function buildManifest(parts: ManifestParts): Manifest {
  const tasks: [string, TaskEntry][] = [];
  const flows: [string, FlowEntry][] = [];
  const sorted = [...parts.facts].sort((a, b) => (a.declared.id < b.declared.id ? -1 : 1));
  const entries = sorted.map(declarationEntry);
  const roots = entries.map(({ exportName, paramsSchema, result }, index) => {
    const { declared } = sorted[index] as DeclarationFacts;
    return { declared, exportName, shape: [paramsSchema, result.schema] };
  });
  const fingerprints = parts.fingerprints.fingerprints(roots);
  for (const [index, facts] of sorted.entries()) {
    const { id, kind } = facts.declared;
    const fingerprint = fingerprints[index] as FingerprintRecord;
    const entry = { ...(entries[index] as Omit<DeclarationEntry, "fingerprint">), fingerprint };
    if (kind === "task") {
      const shared = sharedKeys(parts.sharedUses(facts.declared));
      tasks.push([id, { kind, ...entry, hooks: facts.hooks, shared, ...ruleOf(facts) }]);
    } else {
      const graph = parts.graphs.get(id) ?? { graphVersion: GRAPH_VERSION, nodes: [], edges: [] };
      flows.push([id, { kind, ...entry, ...scheduleOf(facts), ...durabilityOf(facts), graph }]);
    }
  }
  return {
    manifestVersion: MANIFEST_VERSION,
    graphVersion: GRAPH_VERSION,
    build: "" as BuildHash, // set when the hash is known
    compiler: compilerVersion(),
    tasks: Object.fromEntries(tasks),
    flows: Object.fromEntries(flows),
    ...(Object.keys(parts.callSchemas).length > 0 ? { callSchemas: parts.callSchemas } : {}),
    symbols: parts.fingerprints.symbols(),
  };
}

function declarationEntry(facts: DeclarationFacts): Omit<DeclarationEntry, "fingerprint"> {
  const { declared, params, result, options, doc } = facts;
  const { id, className, source, span } = declared;
  const { node } = declared.form;
  const exportName = declared.exportName ?? className;
  const { schema: paramsSchema } = objectToSchema(params, node);
  const resultEntry: TypeEntry = {
    schema: result.schema.schema,
    text: result.type ? typeText(result.type, node) : "unknown",
  };
  return {
    id,
    className,
    source,
    module: outputPath(source),
    exportName,
    ...(doc === undefined ? {} : { doc }),
    span,
    params: params.map(paramEntry),
    paramsSchema,
    result: resultEntry,
    options: stepOptions(options.value),
  };
}

/** Options of steps alone: the check `option-invalid` has refused everything else. */
function stepOptions({ id, schedule, durability, when, ...options }: Readonly<Record<string, unknown>>): StepOptions {
  return options;
}

function ruleOf({ rule }: DeclarationFacts): Pick<TaskEntry, "rule"> {
  if (!rule) return {};
  const { filters, match, emits } = rule;
  return { rule: { filters, ...(match ? { match: true } : {}), emits } };
}

function scheduleOf({ options }: DeclarationFacts): Pick<FlowEntry, "schedule"> {
  if (options.value.schedule === undefined) return {};
  const read = readSchedule(options.value.schedule);
  return "entry" in read ? { schedule: read.entry } : {};
}

function durabilityOf({ options }: DeclarationFacts): Pick<FlowEntry, "durability"> {
  return options.value.durability === "behind" ? { durability: "behind" } : {};
}

function paramEntry(param: ParamWithSchema): ParamEntry {
  return {
    name: param.name,
    required: param.required,
    ...(param.default === undefined ? {} : { default: param.default }),
    ...(param.doc === undefined ? {} : { doc: param.doc }),
    schema: param.schema.schema,
    text: param.typeNode?.getText().replace(/\s+/g, " ") ?? typeText(param.type, param.nameNode),
  };
}

/** Version of this package. */
function compilerVersion(): string {
  const { version } = createRequire(import.meta.url)("@millrace/compiler/package.json") as { version: string };
  return version;
}
