/** Identity of a task: what of its directives decides what it does. State is no part of it, so that a new task can be compared with a completed one. */
import { canonicalHash } from "@millrace/core";
import { type Directives, textsOf } from "./task.js";

/** The directives that count unless a task names others: what a command is, reads, sees and runs in. */
export const IDENTITY_DIRECTIVES: readonly string[] = [
  "cmd",
  "cwd",
  "env",
  "stdin",
  "stdout",
  "container",
  "digest",
  "adds",
];

/** Base64url. Neither the order of keys nor any directive that does not count changes it. */
export function taskIdentity(directives: Directives): string {
  const fields = directives.identity === undefined ? IDENTITY_DIRECTIVES : textsOf(directives.identity);
  // One that is not given counts like one that nobody has thought of yet: a longer list changes no identity by itself.
  const counted = [...new Set(fields)].filter((name) => directives[name] !== undefined);
  return canonicalHash(Object.fromEntries(counted.map((name) => [name, directives[name]])), "directives");
}
