/** Reads the stack of a resource's creation: who made it, and which frames to show. */

/** Frames that say nothing about who acts: Node's own, natives, combinators. */
const NEUTRAL = /\bnode:|\(<anonymous>\)|\(native\)|^at (?:<anonymous>|async Promise\.\w+ \(index \d+\))$/;
/** Packages that run tests: what they make for themselves is no leak. */
const RUNNER = /\/node_modules\/(?:vitest|@vitest\/[\w-]+|vite|vite-node|tinypool)\//;
const INSTALLED = /\/node_modules\//;
/** Threads of Node itself, such as that of module hooks. */
const NODE_THREAD = "new InternalWorker";
/** A pool lets the process end while its threads are idle; they stay nevertheless. */
const POOL = /[\\/]node_modules[\\/]piscina[\\/]/;
const SHOWN = 6;

/** Who called for a resource: the code under test, the test runner or Node for itself, or nobody on the stack. */
export type Creator = "code" | "runner" | "unknown";

/** The frames of a stack as `at …`, without Node's own. */
export function framesOf(stack: string): readonly string[] {
  const lines = stack.split("\n").map((line) => line.trim());
  return lines.filter((line) => line.startsWith("at ") && !NEUTRAL.test(line));
}

/** The innermost frame that is not Node's decides. */
export function creatorOf(stack: string): Creator {
  if (stack.includes(NODE_THREAD)) return "runner";
  const [innermost] = framesOf(stack);
  if (innermost === undefined) return "unknown";
  return RUNNER.test(innermost.replaceAll("\\", "/")) ? "runner" : "code";
}

/** True for what a pool of threads made. */
export function isPooled(stack: string): boolean {
  return POOL.test(stack);
}

/** Frames to show, the user's own before those of packages, the runner's left out. */
export function shownFrames(stack: string): readonly string[] {
  const frames = framesOf(stack).filter((frame) => !RUNNER.test(frame.replaceAll("\\", "/")));
  const installed = (frame: string): boolean => INSTALLED.test(frame.replaceAll("\\", "/"));
  return [...frames.filter((frame) => !installed(frame)), ...frames.filter(installed)].slice(0, SHOWN);
}
