/** The manifest: everything known about a project before running. Written by the compiler, read by everyone else. */
import type { Span } from "../diagnostics/diagnostic.js";
import type { FlowGraph, GRAPH_VERSION } from "../graph/flow-graph.js";
import type { BuildHash, Site } from "../identity/brands.js";
import type { JsonSchema } from "../json-schema/json-schema.js";
import type { StepOptions } from "../options/step-options.js";
import type { RuleEntry } from "../rules/rule-entry.js";
import type { ScheduleEntry } from "../schedule/schedule-entry.js";

/** Version of this document. */
export const MANIFEST_VERSION = 1;

/** `.flow/build/<hash>/manifest.json`; `.flow/manifest.json` is a copy of the current one. */
export interface Manifest {
  readonly manifestVersion: typeof MANIFEST_VERSION;
  readonly graphVersion: typeof GRAPH_VERSION;
  /** Content hash of the build folder, this document included (with this field empty). */
  readonly build: BuildHash;
  /** Version of the compiler that wrote it. */
  readonly compiler: string;
  /** By id, keys sorted. */
  readonly tasks: Readonly<Record<string, TaskEntry>>;
  /** By id, keys sorted. */
  readonly flows: Readonly<Record<string, FlowEntry>>;
  /** Absent if no call names type arguments. */
  readonly callSchemas?: CallSchemas;
  /** Code that fingerprints name, by `file#name`, keys sorted; absent in earlier builds. */
  readonly symbols?: Readonly<Record<string, SymbolRecord>>;
}

/** Site of a call with type arguments → id of what it calls → schema of the whole parameter object there. */
export type CallSchemas = Readonly<Record<Site, Readonly<Record<string, JsonSchema>>>>;

/** What tasks and flows have in common. */
export interface DeclarationEntry {
  /** The `id` that it gives itself, else its class name. */
  readonly id: string;
  /** Name in the source: of the class, or of the constant that holds what `defineTask` or `defineFlow` made. */
  readonly className: string;
  /** Source module, posix, relative to the project's root. */
  readonly source: string;
  /** Compiled module, posix, relative to the build folder. */
  readonly module: string;
  /** Name under which the module exports it; `default` for a default export. */
  readonly exportName: string;
  /** Doc comment of the class or constant. */
  readonly doc?: string;
  readonly span: Span;
  /** In order of declaration, base classes first. */
  readonly params: readonly ParamEntry[];
  /** Schema of the whole parameter object: closed (`additionalProperties: false`). */
  readonly paramsSchema: JsonSchema;
  readonly result: TypeEntry;
  /** Options of the declaration: literals only. */
  readonly options: StepOptions;
  readonly fingerprint: FingerprintRecord;
}

/** A task. */
export interface TaskEntry extends DeclarationEntry {
  readonly kind: "task";
  /** Lifecycle hooks that it defines, a class also through its bases, sorted. */
  readonly hooks: readonly HookName[];
  /** Keys of shared state that its code uses. */
  readonly shared: SharedKeys;
  /** Of a rule class: which tokens it matches and what may follow. Its one parameter is `token`. */
  readonly rule?: RuleEntry;
}

/** Keys of shared state, as far as the types of the code tell them. */
export interface SharedKeys {
  /** Sorted. */
  readonly reads: readonly string[];
  /** Sorted. */
  readonly writes: readonly string[];
  /** Set if it also uses keys that are computed, or all of them. */
  readonly dynamic?: true;
}

/** A flow. */
export interface FlowEntry extends DeclarationEntry {
  readonly kind: "flow";
  /** When it runs by itself; absent if it does not. */
  readonly schedule?: ScheduleEntry;
  /** Absent if outcomes are committed before its code hears of them. */
  readonly durability?: "behind";
  readonly graph: FlowGraph;
}

/** Methods of a task that the engine calls around `run`. */
export type HookName = "onCreate" | "onRestart" | "onSuccess" | "onFailure" | "onAbort" | "onDestroy" | "onLost";

/** A type as schema and as TypeScript text. */
export interface TypeEntry {
  readonly schema: JsonSchema;
  /** TypeScript text, for people. */
  readonly text: string;
}

/** One parameter. */
export interface ParamEntry extends TypeEntry {
  readonly name: string;
  readonly required: boolean;
  /** Initialiser of the field or in the pattern: its value if it is a constant, else its source text. Absent without one. */
  readonly default?: { readonly value: unknown } | { readonly source: string };
  /** Doc comment of the field or property. */
  readonly doc?: string;
}

/** What the code of a declaration depends on, kept so that "why does it run again" is a difference of two records. */
export interface FingerprintRecord {
  /** `symbols`: all code that the declaration may run; `modules`: that of earlier builds, whole modules. */
  readonly algorithm: "symbols" | "modules";
  /** SHA-256 over `body` and the bodies of everything called, also through others; base64url. */
  readonly hash: string;
  /**
   * SHA-256 over source and export name, the shape of parameters and result, symbols, packages, and modules that no
   * checker reads: the declaration's own code without what it calls as a step. Absent in earlier builds.
   */
  readonly body?: string;
  /** Keys in `Manifest.symbols` that its own code reaches, sorted. */
  readonly symbols?: readonly string[];
  /** Ids of the tasks and flows that it names, sorted. */
  readonly calls?: readonly string[];
  /** `file:line` of calls whose target the types do not tell: what they run does not count. */
  readonly opaque?: readonly string[];
  /** Hash of each module that is loaded with it, by source path, keys sorted. For finding sources; no part of `hash`. */
  readonly modules: Readonly<Record<string, string>>;
  /** Version and integrity of each package that its own code uses, by name, keys sorted. */
  readonly packages: Readonly<Record<string, string>>;
}

/** A part of the project's code that fingerprints tell apart. */
export interface SymbolRecord {
  /** Hash of its code without comments, layout, types and names of locals; 22 base64url characters. */
  readonly hash: string;
  /** Where it begins, from 1. */
  readonly line: number;
}
