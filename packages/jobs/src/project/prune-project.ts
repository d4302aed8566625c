/** Lets go of orphaned tasks. What they were stays in the history. */
import { notePipeline } from "./note-pipeline.js";
import type { RecordedProject } from "./recorded-project.js";

/** Prunes the orphaned tasks of a source, or of all. What a source still has stays, however it ended. */
export function pruneProject(project: RecordedProject, source?: string): RecordedProject {
  const goes = project.tasks.filter(
    (task) => task.state === "orphaned" && (source === undefined || task.source === source),
  );
  const gone = new Set(goes);
  const tasks = project.tasks.filter((task) => !gone.has(task));
  const history = [...project.history, ...goes.map((task) => ({ ...task, reason: "pruned" as const }))];
  // Of a source without tasks nothing needs its pipeline.
  const kept = new Set(tasks.map((task) => task.source));
  const emptied = goes.filter((task) => !kept.has(task.source));
  const pruned: RecordedProject = { ...project, tasks, history };
  return emptied.reduce((left, task) => notePipeline(left, task.source), pruned);
}
