/**
 * Imports a module of the author's on this thread. A top-level await that never ends would let the process end without a
 * word as soon as it has nothing else to do; here that moment is the failure of the import.
 */

const waiting = new Set<(reason: Error) => void>();

/** A module's exports. Rejects with what its top level throws, or when nothing is left that could finish it. */
export function importModule(url: string): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    if (waiting.size === 0) process.on("beforeExit", giveUp);
    waiting.add(reject);
    // The namespace of a module is an object whose members are its exports.
    (import(url) as Promise<Record<string, unknown>>).then(resolve, reject).finally(() => leave(reject));
  });
}

function giveUp(): void {
  for (const reject of [...waiting]) {
    reject(new Error("a top-level await, in it or in what it imports, waits for something that never comes"));
    leave(reject);
  }
}

function leave(reject: (reason: Error) => void): void {
  waiting.delete(reject);
  if (waiting.size === 0) process.off("beforeExit", giveUp);
}
