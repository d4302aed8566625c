/** What this process says on stderr during a test, held back: the engine reports observers there. */
import { onTestFinished, vi } from "vitest";

/** Begins to listen, until the test has finished; the text so far. */
export function heardOnStderr(): () => string {
  let text = "";
  const spy = vi.spyOn(process.stderr, "write").mockImplementation((chunk) => {
    text += String(chunk);
    return true;
  });
  onTestFinished(() => spy.mockRestore());
  return () => text;
}
