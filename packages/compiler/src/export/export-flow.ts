/** The door to the export of flows. What reads syntax is loaded when it is asked. */
import type { ExportedFlow, ExportRequest } from "./exported-flow.js";

/** A flow as a job graph, or what of it no job graph can say. Reads the source that the build was made of; runs nothing. */
export async function exportFlow(request: ExportRequest): Promise<ExportedFlow> {
  const { lowerFlow } = await import("./lower-flow.js");
  return lowerFlow(request);
}
