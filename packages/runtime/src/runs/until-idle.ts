/**
 * Promises that the process might never hear of. One that waits for something that never comes would let the process end
 * without a word as soon as it has nothing else to do; here that moment is its rejection.
 */
const waiting = new Set<() => void>();

/** Settles as `promise` does, or rejects with `reason()` when nothing is left that could settle it. */
export function untilIdle<T>(promise: Promise<T>, reason: () => Error): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => reject(reason());
    if (waiting.size === 0) process.on("beforeExit", onIdle);
    waiting.add(giveUp);
    void promise.then(resolve, reject).finally(() => leave(giveUp));
  });
}

function onIdle(): void {
  for (const giveUp of [...waiting]) {
    giveUp();
    leave(giveUp);
  }
}

function leave(giveUp: () => void): void {
  waiting.delete(giveUp);
  if (waiting.size === 0) process.off("beforeExit", onIdle);
}
