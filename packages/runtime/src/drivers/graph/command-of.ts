/** The command of a `shell` node, once the results that it refers to are there. */
import { resolve } from "node:path";
import { type JobNode, MillraceError, type ShellCommand } from "@millrace/core";

/**
 * Paths are absolute, variables are texts: numbers and booleans as they are written, lists and objects as JSON.
 * @param root The project's folder, in which commands run unless they say otherwise.
 * @throws MillraceError `invalid-parameters`.
 */
export function commandOf(node: JobNode, command: string, params: object, root: string): ShellCommand {
  const { cwd, env = {}, stdin, stdout, stderr } = params as Readonly<Record<string, unknown>>;
  const folder = resolve(root, text(node, "cwd", cwd) ?? ".");
  const file = (name: string, given: unknown): string | undefined => {
    const path = text(node, name, given);
    return path === undefined ? undefined : resolve(folder, path);
  };
  const files = { stdin: file("stdin", stdin), stdout: file("stdout", stdout), stderr: file("stderr", stderr) };
  const named = Object.fromEntries(Object.entries(files).filter(([, path]) => path !== undefined));
  return { command, cwd: folder, env: variables(node, env), ...named };
}

function variables(node: JobNode, env: unknown): Readonly<Record<string, string>> {
  if (typeof env !== "object" || env === null || Array.isArray(env))
    throw unusable(node, "env", "an object of variables");
  return Object.fromEntries(Object.entries(env).map(([name, value]) => [name, variable(node, name, value)]));
}

function variable(node: JobNode, name: string, value: unknown): string {
  const written = typeof value === "string" ? value : (JSON.stringify(value) as string | undefined);
  if (!/^[A-Za-z_]\w*$/.test(name) || written?.includes("\0"))
    throw unusable(node, `env.${name}`, "the name of a variable, with a text that has no NUL");
  if (written === undefined) throw unusable(node, `env.${name}`, "a text, number, boolean, list or object");
  return written;
}

function text(node: JobNode, name: string, given: unknown): string | undefined {
  if (given === undefined || (typeof given === "string" && given !== "" && !given.includes("\0"))) return given;
  throw unusable(node, name, "a path");
}

function unusable({ id }: JobNode, param: string, what: string): MillraceError {
  return new MillraceError("invalid-parameters", `The parameter "${param}" of ${id} must be ${what}.`, {
    hint: "Commands take cwd, env, stdin, stdout and stderr.",
    data: { node: id, param },
  });
}
