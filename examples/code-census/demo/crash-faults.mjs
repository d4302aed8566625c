/**
 * Holds what the store says against what the tasks' journal says: whatever was recorded when the process was killed
 * must have been restored, untouched, and must never have run again. Pure.
 */

/** The demo is worth something only if the crash came well inside the run. */
const LEAST_SHARE = 0.2;

/**
 * Everything that breaks the promise, as sentences.
 * @param {object} evidence
 * @param {{ status: string, steps: { total: number, restored: number } }} evidence.resumed what `flow resume` said
 * @param {Map<string, object>} evidence.before steps recorded at the kill (`flow show`), by key
 * @param {Map<string, object>} evidence.after steps recorded in the end
 * @param {Map<string, number>} evidence.startsBefore starts of each step in the journal at the kill
 * @param {Map<string, number>} evidence.starts starts of each step in the journal in the end
 */
export function* crashFaults({ resumed, before, after, starts, startsBefore }) {
  const { total, restored } = resumed.steps;
  if (resumed.status !== "succeeded") yield `The resumed run ended as ${resumed.status}.`;
  if (restored !== before.size) yield `${before.size} steps were recorded, but ${restored} were restored.`;
  if (before.size < LEAST_SHARE * total) yield `Only ${before.size} of ${total} steps were recorded at the kill.`;
  if (before.size >= total) yield "All steps were recorded at the kill: nothing was left to resume.";
  if (after.size !== total) yield `The run has ${total} steps, but the store shows ${after.size}.`;
  for (const [key, record] of before) {
    const now = after.get(key);
    if (startsBefore.get(key) !== 1)
      yield `${key} was recorded, but its journal has ${startsBefore.get(key) ?? 0} starts.`;
    if (starts.get(key) !== startsBefore.get(key)) yield `${key} was recorded and ran again.`;
    if (now?.source !== "restored") yield `${key} was recorded, but is shown as ${now?.source ?? "missing"}.`;
    if (now && now.startedAt !== record.startedAt) yield `The record of ${key} has changed.`;
  }
  for (const key of after.keys()) if (!starts.has(key)) yield `${key} is recorded, but never began.`;
}
