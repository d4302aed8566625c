/** A recorded project as text. The same project gives the same text. */
import { stringify } from "yaml";
import { projectDocument } from "./project-document.js";
import type { RecordedProject } from "./recorded-project.js";

/** Node-link document, YAML or JSON; ends with a newline. */
export function writeProject(project: RecordedProject, format: "yaml" | "json" = "yaml"): string {
  const document = projectDocument(project);
  // Without anchors: tools that read node-link documents need not know them.
  return format === "json"
    ? `${JSON.stringify(document, undefined, 2)}\n`
    : stringify(document, { aliasDuplicateObjects: false, lineWidth: 0 });
}
