/** Tasks that are about to run: noted before they do, so that whoever comes after a crash knows of the run. */
import type { RecordedProject, RecordedTask } from "./recorded-project.js";

/**
 * Notes that a run takes the named tasks: they are `pending`, with the attempts that a run cut off before has spent. foldOutcome takes
 * over what becomes of them.
 */
export function sendOut(project: RecordedProject, names: Iterable<string>, run: string): RecordedProject {
  const sent = new Set(names);
  return { ...project, run, tasks: project.tasks.map((task) => (sent.has(task.name) ? sentTask(task) : task)) };
}

function sentTask(task: RecordedTask): RecordedTask {
  const spent = task.state === "pending" ? (task.outcome?.attempts ?? 0) : 0;
  return { ...task, state: "pending", ...(spent > 0 ? { spent } : {}) };
}
