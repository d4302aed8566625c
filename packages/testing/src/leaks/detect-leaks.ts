/**
 * Finds what a test has left open. Works with any test runner; under the Vitest plugin a setup file calls it for every
 * test file.
 */
import type { MillraceError } from "@millrace/core";
import { REMEDIES } from "./resource-kinds.js";
import { type OpenResource, ResourceWatch } from "./resource-watch.js";

/** One thing that was left open. */
export type Leak = OpenResource;

/** A watch that has begun. */
export interface LeakDetector {
  /** What is still open, after it had time to close. The watch goes on. */
  leftovers(): Promise<readonly Leak[]>;
  /** Ends the watch. @throws MillraceError `resources-leaked` if something is still open after it had time to close. */
  assertNone(): Promise<void>;
}

/** How leaks are described. */
export interface LeakOptions {
  /** Tells, at any moment, which test is running; asked whenever something is created. */
  readonly testName?: () => string | undefined;
}

// As they were before a test could put fake ones in their place.
const later = setTimeout;
const nextTurn = setImmediate;
const now = performance.now.bind(performance);

/** ms in which things that are being closed must have closed; only a test that leaks waits so long. */
const PATIENCE = 1_000;
const EAGER_TURNS = 20;

/**
 * Watches what is created from now on in this thread: timers, threads, message ports, servers, sockets, child processes
 * and file watchers. What is told to let the process end (`unref`) is no leak, except the threads of a pool. What existed
 * before is not seen, and what ends by itself within a second is no leak.
 *
 *     const leaks = detectLeaks();
 *     …
 *     await leaks.assertNone();
 */
export function detectLeaks({ testName = () => undefined }: LeakOptions = {}): LeakDetector {
  const watch = new ResourceWatch(testName);

  async function leftovers(): Promise<readonly Leak[]> {
    const deadline = now() + PATIENCE;
    for (let turn = 0; ; turn++) {
      await new Promise<void>((resolve) => (turn < EAGER_TURNS ? nextTurn(resolve) : later(resolve, 10)));
      const open = watch.open();
      if (open.length === 0 || now() > deadline) return open;
    }
  }

  return {
    leftovers,
    async assertNone() {
      const leaks = await leftovers();
      watch.stop();
      if (leaks.length > 0) throw await leaked(leaks);
    },
  };
}

async function leaked(leaks: readonly Leak[]): Promise<MillraceError> {
  // Loaded only by tests that leak: the others pay nothing for it.
  const { MillraceError } = await import("@millrace/core");
  const count = leaks.length === 1 ? "One thing was" : `${leaks.length} things were`;
  const error = new MillraceError(
    "resources-leaked",
    `${count} left open, which would keep threads or the process alive.\n\n${leaks.map(leakText).join("\n\n")}\n`,
    {
      hint: "Close it where it is used, or in an afterAll hook, and await that.",
      data: { kinds: leaks.map(({ kind }) => kind) },
    },
  );
  // Runners show the code that an error's stack points to.
  const frames = leaks.find((leak) => leak.frames.length > 0)?.frames ?? [];
  error.stack = [`${error.name}: ${error.message}`, ...frames.map((frame) => `    ${frame}`)].join("\n");
  return error;
}

function leakText({ kind, frames, test }: Leak): string {
  const where = test === undefined ? "outside of any test" : `in "${test}"`;
  return [
    `${kind}, created ${where}: ${REMEDIES[kind]}`,
    ...frames.map((frame) => `    ${frame.slice("at ".length)}`),
  ].join("\n");
}
