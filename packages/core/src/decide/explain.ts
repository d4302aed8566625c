/** Why a step runs although something stands on record where it is called: the differences, before and after. */
import { compareManifests, type DeclarationDifference, type ValueDifference } from "../manifest/compare-manifests.js";
import type { Manifest } from "../manifest/manifest.js";
import { canonicalHash } from "../values/canonical-hash.js";
import { renderValue } from "../values/render-value.js";

/** A step that runs, and the record that does not serve it. */
export interface UnservedStep {
  /** Task or flow id. */
  readonly task: string;
  /** Its parameters now. */
  readonly given: Readonly<Record<string, unknown>>;
  /** Parameters on record. */
  readonly recorded: Readonly<Record<string, unknown>>;
  /** Build that made the record; undefined if it is gone. */
  readonly before: Manifest | undefined;
  /** Build that runs it; undefined if it is gone. */
  readonly after: Manifest | undefined;
}

/** What differs. */
export interface StepDifference {
  /** Top-level parameters that differ, as text. */
  readonly params: readonly ValueDifference[];
  /** The declaration, if its code or version differs. */
  readonly code: DeclarationDifference | undefined;
}

/** Compares a step with a record at its place. */
export function explainStep({ task, given, recorded, before, after }: UnservedStep): StepDifference {
  const code =
    before &&
    after &&
    compareManifests(before, after).changed.find(({ id, invalidated }) => invalidated && id === task);
  const names = [...new Set([...Object.keys(recorded), ...Object.keys(given)])].sort();
  const params = names.flatMap((name): ValueDifference[] => {
    const [was, is] = [textOf(recorded, name), textOf(given, name)];
    const same =
      Object.hasOwn(recorded, name) === Object.hasOwn(given, name) &&
      canonicalHash(recorded[name]) === canonicalHash(given[name]);
    if (same) return [];
    return [{ name, ...(was === undefined ? {} : { before: was }), ...(is === undefined ? {} : { after: is }) }];
  });
  return { params, code };
}

function textOf(values: Readonly<Record<string, unknown>>, name: string): string | undefined {
  return Object.hasOwn(values, name) ? renderValue(values[name]) : undefined;
}
