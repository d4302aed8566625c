/**
 * Step keys: the name of one step within its run.
 *
 *   step-key = path "/" site "/" ordinal          ordinal = k-th issue of that site under the same path, from 0
 *   path     = flow-id                            the run's own body
 *            | step-key                           the body of the sub-flow that this step is
 *            | path "/" site "/" ordinal "/[" item-key "]"      one item of a map (site and ordinal are the map's)
 *
 * Flow ids and item keys are percent-encoded segments. Helper calls and sequential loops add nothing: their turns
 * differ by ordinal.
 */
import type { ActivationPath, Site, StepKey } from "./brands.js";
import { decodeSegment, encodeSegment } from "./segment.js";

/** The path of a run's own flow body. */
export function rootPath(flowId: string): ActivationPath {
  return encodeSegment(flowId) as ActivationPath;
}

/** The key of the k-th issue of a site under a path. */
export function stepKey(path: ActivationPath, site: Site, ordinal: number): StepKey {
  return `${path}/${site}/${ordinal}` as StepKey;
}

/** The path of a sub-flow's body: its parent step's key. */
export function subflowPath(key: StepKey): ActivationPath {
  return key as string as ActivationPath;
}

/** The path of one item of the k-th execution of a map. */
export function itemPath(mapKey: StepKey, itemKey: string): ActivationPath {
  return `${mapKey}/[${encodeSegment(itemKey)}]` as ActivationPath;
}

/** One readable piece of a key, decoded. */
export interface KeyPart {
  /** What the piece is. */
  readonly kind: "flow" | "site" | "item";
  /** Flow id, site, or item key. */
  readonly text: string;
  /** Ordinal of a site; undefined for flows and items. */
  readonly ordinal?: number;
}

/** Takes a step key or path apart, outermost first; undefined if the text is neither. */
export function parseKey(key: string): readonly KeyPart[] | undefined {
  const [flow, ...rest] = key.split("/");
  if (!flow) return undefined;
  const parts: KeyPart[] = [{ kind: "flow", text: decodeSegment(flow) }];
  for (let i = 0; i < rest.length; ) {
    const segment = rest[i] ?? "";
    if (segment.startsWith("[") && segment.endsWith("]")) {
      parts.push({ kind: "item", text: decodeSegment(segment.slice(1, -1)) });
      i += 1;
      continue;
    }
    const ordinal = rest[i + 1];
    if (segment === "" || ordinal === undefined || !/^\d+$/.test(ordinal)) return undefined;
    parts.push({ kind: "site", text: segment, ordinal: Number(ordinal) });
    i += 2;
  }
  return parts;
}

/** The step that a key lies in as seen from the outermost body: itself, unless it was called by a sub-flow. */
export function outermostStep(key: StepKey): StepKey {
  const segments = key.split("/");
  let end = 3;
  while (segments[end]?.startsWith("[")) end += 3;
  return segments.slice(0, end).join("/") as StepKey;
}

/** The site of a step key; undefined if the text is no step key. */
export function siteOf(key: StepKey): Site | undefined {
  const last = parseKey(key)?.at(-1);
  return last?.kind === "site" ? (last.text as Site) : undefined;
}
