/** Where an error of the author's code came from, as lines below its message: frames, causes, and the errors that it stands for. */
import { type ErrorSummary, errorText } from "@millrace/core";

/** Frames that are shown of each error, unless all are asked for. */
const MAX_FRAMES = 6;

/** The lines. `all`: with the frames of Node and Millrace, which no author looks for. */
export function errorTrace(error: ErrorSummary, { all }: { readonly all: boolean }): readonly string[] {
  const inner = (label: string, one: ErrorSummary): readonly string[] => {
    const below = errorTrace(one, { all });
    // Its words stand in the message above already, and it has nothing to add.
    if (below.length === 0 && error.message.includes(one.message)) return [];
    return [`  ${label}: ${errorText(one)}`, ...below.map((line) => `  ${line}`)];
  };
  return [
    ...framesOf(error, all),
    ...(error.errors ?? []).flatMap((one, i) => inner(`errors[${i}]`, one)),
    ...(error.cause ? inner("cause", error.cause) : []),
  ];
}

/** The frames of a stack. `all`: with those of Node and Millrace. */
export function framesOf({ stack = "" }: { readonly stack?: string }, all: boolean): readonly string[] {
  const frames = stack.split("\n").filter((line) => /^\s+at /.test(line));
  if (all) return frames;
  const foreign = /\bnode:|[\\/]node_modules[\\/]|@millrace[\\/]|[\\/]packages[\\/](core|sdk|runtime)[\\/]dist/;
  return frames.filter((line) => !foreign.test(line)).slice(0, MAX_FRAMES);
}
