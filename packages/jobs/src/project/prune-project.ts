/** Lets go of orphaned tasks. What they were stays in the history. */
import type { RecordedProject } from "./recorded-project.js";

/** Prunes the orphaned tasks of a source, or of all. What a source still has stays, however it ended. */
export function pruneProject(project: RecordedProject, source?: string): RecordedProject {
  const goes = project.tasks.filter(
    (task) => task.state === "orphaned" && (source === undefined || task.source === source),
  );
  const gone = new Set(goes);
  return {
    ...project,
    tasks: project.tasks.filter((task) => !gone.has(task)),
    history: [...project.history, ...goes.map((task) => ({ ...task, reason: "pruned" as const }))],
  };
}
