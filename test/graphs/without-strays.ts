/** Bodies that fail leave promises that nobody awaits: while `run` goes on, their rejections are no failures of the test. */
export async function withoutStrays<T>(run: () => Promise<T>): Promise<T> {
  const listeners = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", ignore);
  try {
    return await run();
  } finally {
    // They are reported at the end of a turn of the event loop.
    await new Promise((resolve) => setImmediate(resolve));
    process.off("unhandledRejection", ignore);
    for (const listener of listeners) process.on("unhandledRejection", listener);
  }
}

function ignore(): void {}
