/** What the processors share while one schema is made: definitions, the path walked, and what was refused. */
import type { JsonSchema } from "@millrace/core";
import type { Node, Type, ts } from "ts-morph";

/** A part of a type that no value envelope carries. */
export interface Refusal {
  /** Property path from the root: `options.onDone`, `items[]`, `seen.values()[]`; empty for the root itself. */
  readonly path: string;
  /** What it is: `a function`, `the class Db`. */
  readonly what: string;
}

/** A doc tag that demands what cannot be demanded. */
export interface Complaint {
  /** The tag, or the declaration of contradicting ones. */
  readonly node: Node;
  /** Begins with the tag. */
  readonly message: string;
}

/** Shared state of one schema document. */
export interface SchemaContext {
  /** Where the type is used; property types are read there. */
  readonly at: Node;
  /** Named parts that the document refers to. */
  readonly defs: Map<string, JsonSchema>;
  /** Names given to types that contain themselves. */
  readonly names: Map<ts.Type, string>;
  /** Composite types being processed, outermost first. */
  readonly open: ts.Type[];
  /** Property path to the type in hand. */
  readonly path: readonly string[];
  readonly refusals: Refusal[];
  readonly complaints: Complaint[];
  /** Makes the schema of a part, `step` further down the path. */
  part(type: Type, step?: string): JsonSchema;
  /** As `part`, without `undefined`: absence stands for it. */
  optionalPart(type: Type, step?: string): JsonSchema;
  /** Records that the type in hand cannot be sent. */
  refuse(what: string): JsonSchema;
}
