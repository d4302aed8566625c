/** Keeps Node from taking a rejection that nobody awaits yet for an error of the process: the body may come to it later, or never. */
export function markHandled(promise: Promise<unknown>): void {
  promise.catch(ignore);
}

function ignore(): void {}
