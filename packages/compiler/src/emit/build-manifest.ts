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
  /** What the manifest says of a declaration alone. */
  entryOf(facts: DeclarationFacts): BareEntry;
  /** By flow id. */
  readonly graphs: ReadonlyMap<string, FlowGraph>;
  readonly callSchemas: CallSchemas;
  readonly fingerprints: Fingerprinter;
}

/** An entry without what follows from other parts of the project: fingerprint and graph. */
export type BareEntry = Omit<TaskEntry, "fingerprint"> | Omit<FlowEntry, "fingerprint" | "graph">;

/** The manifest with an empty `build`: the hash is taken over this document. */
export function buildManifest(parts: ManifestParts): Manifest {
  const tasks: [string, TaskEntry][] = [];
  const flows: [string, FlowEntry][] = [];
  const sorted = [...parts.facts].sort((a, b) => (a.declared.id < b.declared.id ? -1 : 1));
  const entries = sorted.map(parts.entryOf);
  const roots = entries.map(({ exportName, paramsSchema, result }, index) => {
    const { declared } = sorted[index] as DeclarationFacts;
    return { declared, exportName, shape: [paramsSchema, result.schema] };
  });
  const fingerprints = parts.fingerprints.fingerprints(roots);
  for (const [index, entry] of entries.entries()) {
    const { id } = entry;
    const fingerprint = fingerprints[index] as FingerprintRecord;
    if (entry.kind === "task") {
      const { hooks, shared, rule, ...declared } = entry;
      tasks.push([id, { ...declared, fingerprint, hooks, shared, ...(rule ? { rule } : {}) }]);
    } else {
      const { schedule, durability, ...declared } = entry;
      const graph = parts.graphs.get(id) ?? { graphVersion: GRAPH_VERSION, nodes: [], edges: [] };
      flows.push([
        id,
        { ...declared, fingerprint, ...(schedule ? { schedule } : {}), ...(durability ? { durability } : {}), graph },
      ]);
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

/** What the manifest says of a declaration alone. */
export function bareEntry(facts: DeclarationFacts, sharedUses: SharedUses): BareEntry {
  const { kind } = facts.declared;
  const entry = declarationEntry(facts);
  if (kind === "flow") return { kind, ...entry, ...scheduleOf(facts), ...durabilityOf(facts) };
  return { kind, ...entry, hooks: facts.hooks, shared: sharedKeys(sharedUses(facts.declared)), ...ruleOf(facts) };
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
