/** The process's two output streams: results go to stdout, everything said to people goes to stderr. */
import type { DevLine, ServeLine } from "@millrace/core/project";
import picocolors from "picocolors";

/** A colouring function for each attribute the command line uses; has the shape of core's Paint. */
export type Colors = ReturnType<typeof picocolors.createColors>;

/** Writes a result. */
export function print(text: string): void {
  process.stdout.write(text.endsWith("\n") ? text : `${text}\n`);
}

/** Prints the one JSON document of a command. */
export function printJson(document: unknown): void {
  print(JSON.stringify(document, null, 2));
}

/**
 * Prints a JSON document that ends in a list, an item at a time: as printJson would print it, and never all of it in memory.
 * @param head The members before the list, at least one.
 */
export async function printJsonList(head: object, name: string, items: AsyncIterable<unknown>): Promise<void> {
  await write(`${JSON.stringify(head, null, 2).slice(0, -2)},\n  ${JSON.stringify(name)}: `);
  await printPieces(listPieces(items, "  "));
  await write("\n}\n");
}

/** Prints a JSON document that is a list, in the same way. */
export async function printJsonItems(items: Iterable<unknown>): Promise<void> {
  await printPieces(listPieces(items, ""));
  await write("\n");
}

/** Prints a text that comes in pieces: many at a time, and no faster than its reader takes them. */
export async function printPieces(pieces: Iterable<string> | AsyncIterable<string>): Promise<void> {
  let text = "";
  for await (const piece of pieces) {
    text += piece;
    if (text.length < CHUNK_CHARS) continue;
    await write(text);
    text = "";
  }
  if (text !== "") await write(text);
}

/** A list as JSON.stringify writes it. @param indent In front of its end. */
async function* listPieces(items: Iterable<unknown> | AsyncIterable<unknown>, indent: string): AsyncIterable<string> {
  let isEmpty = true;
  for await (const item of items) {
    const text = JSON.stringify(item, null, 2).replaceAll("\n", `\n${indent}  `);
    yield `${isEmpty ? "[" : ","}\n${indent}  ${text}`;
    isEmpty = false;
  }
  yield isEmpty ? "[]" : `\n${indent}]`;
}

/** Text that is collected before it is written. */
const CHUNK_CHARS = 65_536;

/** Writes, and waits for a reader who is slower. */
async function write(text: string): Promise<void> {
  const { stdout } = process;
  if (stdout.destroyed || stdout.write(text)) return;
  await new Promise<void>((resolve) => {
    // A reader that goes away ends the wait, too.
    const end = (): void => {
      stdout.off("drain", end).off("close", end);
      resolve();
    };
    stdout.on("drain", end).on("close", end);
  });
}

/** Prints one of many JSON documents, each on a line of its own. */
export function printLine(line: DevLine | ServeLine): void {
  print(JSON.stringify(line));
}

/** Says something to people: notices, progress, errors. */
export function say(text: string): void {
  process.stderr.write(text.endsWith("\n") ? text : `${text}\n`);
}

/** Colours for a stream: none if it is no terminal or NO_COLOR is set, always with FORCE_COLOR. */
export function colorsFor(stream: { readonly isTTY?: boolean }): Colors {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  const forced = FORCE_COLOR !== undefined && FORCE_COLOR !== "" && FORCE_COLOR !== "0";
  return picocolors.createColors(forced || (stream.isTTY === true && !NO_COLOR && TERM !== "dumb"));
}

/** A reader that goes away (`flow logs | head`) is no error: what is written after that is dropped. */
export function ignoreBrokenPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
    });
  }
}

/** Ends the process when both streams have passed on what was written: pipes are asynchronous, `process.exit` alone cuts them. */
export async function exitWhenWritten(code: number): Promise<never> {
  await Promise.all([written(process.stdout), written(process.stderr)]);
  process.exit(code);
}

function written(stream: NodeJS.WriteStream): Promise<void> {
  if (stream.destroyed || stream.writableLength === 0) return Promise.resolve();
  return new Promise((resolve) => stream.write("", () => resolve()));
}
