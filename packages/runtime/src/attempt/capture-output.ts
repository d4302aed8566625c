/**
 * Turns what user code prints into log lines of its attempt: console methods and raw writes to stdout and stderr. What
 * is printed outside any attempt passes through, or goes to stderr in a thread, whose process may print JSON on stdout.
 */
import { format } from "node:util";
import type { LogLevel } from "@millrace/core";
import { currentAttempt } from "./attempt-scope.js";

const METHODS = { debug: "debug", log: "info", info: "info", warn: "warn", error: "error" } as const;

type Write = (chunk: string | Uint8Array, encoding?: unknown, done?: unknown) => boolean;

/** Where output outside any attempt goes. */
export type OutsideOutput = "unchanged" | "stderr";

let users = 0;
let undo: () => void = () => {};

/** Starts capturing, for this thread; the returned function stops it once everybody who started has stopped. */
export function captureOutput(outside: OutsideOutput): () => void {
  if (users++ === 0) undo = install(outside);
  let stopped = false;
  return () => {
    if (stopped) return;
    stopped = true;
    if (--users === 0) undo();
  };
}

function install(outside: OutsideOutput): () => void {
  const restores = [
    captureStream(process.stdout, "info", outside === "stderr" ? boundWrite(process.stderr) : undefined),
    captureStream(process.stderr, "error", undefined),
  ];
  // Every other console method (table, dir, count, trace, …) prints through one of these or through a stream.
  for (const name of Object.keys(METHODS) as (keyof typeof METHODS)[])
    restores.push(captureMethod(name, METHODS[name]));
  return () => {
    for (const restore of restores) restore();
  };
}

function captureMethod(name: keyof typeof METHODS, level: LogLevel): () => void {
  const original = console[name];
  const captured = (...args: unknown[]): void => {
    const attempt = currentAttempt();
    if (attempt) attempt.log(level, format(...args));
    else original.apply(console, args);
  };
  console[name] = captured;
  return () => {
    // Somebody may have replaced it since; what is theirs stays.
    if (console[name] === captured) console[name] = original;
  };
}

function captureStream(stream: NodeJS.WriteStream, level: LogLevel, elsewhere: Write | undefined): () => void {
  const original = stream.write;
  const pass = elsewhere ?? boundWrite(stream);
  const captured: Write = (chunk, encoding, done) => {
    const attempt = currentAttempt();
    if (!attempt) return pass(chunk, encoding, done);
    attempt.write(level, textOf(chunk, encoding));
    const callback = typeof encoding === "function" ? encoding : done;
    if (typeof callback === "function") process.nextTick(callback as () => void);
    return true;
  };
  // The overloads of `write` differ in where the callback stands only, which `captured` finds out.
  stream.write = captured as typeof stream.write;
  return () => {
    if (stream.write === (captured as unknown)) stream.write = original;
  };
}

function boundWrite(stream: NodeJS.WriteStream): Write {
  return stream.write.bind(stream) as Write;
}

function textOf(chunk: string | Uint8Array, encoding: unknown): string {
  if (typeof chunk !== "string") return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString();
  return encoding === "hex" || encoding === "base64" ? Buffer.from(chunk, encoding).toString() : chunk;
}
