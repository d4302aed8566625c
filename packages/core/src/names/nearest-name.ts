/** The known name that a misspelt one was most likely meant to be. For hints: parameters, flags, tasks, commands. */

/**
 * The candidate with the fewest edits (insert, delete, replace, swap of neighbours; a difference in letter case alone as half of one),
 * if there are at most a third as many as the name has letters, and at least one is allowed. The first of equals wins.
 */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let fewest = Math.max(1, Math.floor(name.length / 3)) + 0.5;
  for (const candidate of candidates) {
    if (candidate === name) return candidate;
    if (Math.abs(candidate.length - name.length) >= fewest) continue;
    const edits = editDistance(name.toLowerCase(), candidate.toLowerCase());
    // Names that differ in letter case alone are close, and never closer than equal ones.
    const distance = edits === 0 ? 0.5 : edits;
    if (distance < fewest && distance < Math.max(name.length, candidate.length)) {
      fewest = distance;
      best = candidate;
    }
  }
  return best;
}

/** Damerau–Levenshtein distance in its restricted form (optimal string alignment), three rows at a time. */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let previous: number[] = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current: number[] = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let least = Math.min((previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        least = Math.min(least, (before[j - 2] ?? 0) + 1);
      }
      current.push(least);
    }
    before = previous;
    previous = current;
  }
  return previous[b.length] ?? 0;
}
