/** Reads a manifest and refuses what this version cannot trust. Shape is checked where a damaged file would mislead a run. */
import { MillraceError } from "../errors/millrace-error.js";
import { GRAPH_VERSION } from "../graph/flow-graph.js";
import { isObject } from "../values/is-object.js";
import { MANIFEST_VERSION, type Manifest } from "./manifest.js";

/**
 * Parses the text of a manifest.
 * @param file Where it came from, for messages.
 * @throws MillraceError `manifest-unreadable`: no JSON, another version, or a part that is missing.
 */
export function readManifest(text: string, file: string): Manifest {
  const refuse = (reason: string, cause?: unknown): never => {
    throw new MillraceError("manifest-unreadable", `${file} cannot be used: ${reason}.`, {
      hint: "Run `flow build` to write it anew. Manifests are not edited by hand.",
      data: { file, reason },
      cause,
    });
  };
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    return refuse("it is no JSON (damaged or cut short)", cause);
  }
  if (!isObject(parsed)) return refuse("it is no manifest");
  const { manifestVersion, graphVersion, build, tasks, flows } = parsed;
  if (manifestVersion !== MANIFEST_VERSION || graphVersion !== GRAPH_VERSION) {
    return refuse(
      `it has version ${String(manifestVersion)}/${String(graphVersion)} and this version of Millrace reads ${MANIFEST_VERSION}/${GRAPH_VERSION}`,
    );
  }
  if (typeof build !== "string" || !isObject(tasks) || !isObject(flows)) return refuse("a part of it is missing");
  for (const [id, entry] of [...Object.entries(tasks), ...Object.entries(flows)]) {
    if (!isEntry(entry)) return refuse(`the entry "${id}" is damaged`);
  }
  for (const [id, entry] of Object.entries(flows)) {
    const graph = (entry as { graph?: unknown }).graph;
    if (!isObject(graph) || !Array.isArray(graph.nodes) || !Array.isArray(graph.edges)) {
      return refuse(`the flow "${id}" has no graph`);
    }
  }
  // Every part that decides a run has been checked above; the rest is read with care where it is used.
  return parsed as unknown as Manifest;
}

function isEntry(entry: unknown): boolean {
  return (
    isObject(entry) &&
    typeof entry.id === "string" &&
    typeof entry.module === "string" &&
    typeof entry.exportName === "string" &&
    Array.isArray(entry.params) &&
    isObject(entry.fingerprint)
  );
}
