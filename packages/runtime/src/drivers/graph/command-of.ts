/** The command of a `shell` or `container` node, once the results that it refers to are there. */
import { resolve } from "node:path";
import {
  type CommandSurroundings,
  type ContainerCommand,
  isObject,
  type JobNode,
  MillraceError,
  type ShellCommand,
} from "@millrace/core";

type Given = Readonly<Record<string, unknown>>;

/**
 * The command of a `shell` node.
 * @param root The project's folder, in which commands run unless they say otherwise.
 * @throws MillraceError `invalid-parameters`.
 */
export function shellCommandOf(node: JobNode, command: string, params: object, root: string): ShellCommand {
  return { command, ...surroundings(node, params as Given, root) };
}

/**
 * The command of a `container` node. Arguments are texts, as variables are.
 * @param root As above.
 * @throws MillraceError `invalid-parameters`.
 */
export function containerCommandOf(node: JobNode, image: string, params: object, root: string): ContainerCommand {
  const { args = [], digest, name, host } = params as Given;
  if (!Array.isArray(args)) throw unusable(node, "args", "a list of arguments");
  const named = { name: text(node, "name", name), host: text(node, "host", host, "the address of a daemon") };
  if (named.name !== undefined && !/^[A-Za-z0-9][\w.-]*$/.test(named.name))
    throw unusable(node, "name", "letters, digits, dots, underscores and hyphens");
  return {
    image: imageOf(node, image, digest),
    args: args.map((arg: unknown, i) => written(node, `args[${i}]`, arg)),
    ...defined(named),
    ...surroundings(node, params as Given, root),
  };
}

/** Paths are absolute, variables are texts: numbers and booleans as they are written, lists and objects as JSON. */
function surroundings(node: JobNode, params: Given, root: string): CommandSurroundings {
  const { cwd, env = {}, stdin, stdout, stderr, hints = {} } = params;
  const folder = resolve(root, text(node, "cwd", cwd) ?? ".");
  const file = (name: string, given: unknown): string | undefined => {
    const path = text(node, name, given);
    return path === undefined ? undefined : resolve(folder, path);
  };
  const files = { stdin: file("stdin", stdin), stdout: file("stdout", stdout), stderr: file("stderr", stderr) };
  if (!isObject(hints)) throw unusable(node, "hints", "an object");
  return { cwd: folder, env: variables(node, env), hints, ...defined(files) };
}

/** A digest names the image for good, so that the tag has no say beside it. */
function imageOf(node: JobNode, image: string, digest: unknown): string {
  // What begins with a hyphen would be an option.
  if (!/^[A-Za-z0-9/.][\w./:@-]*$/.test(image)) throw unusable(node, "container", "the name of an image");
  if (digest === undefined) return image;
  const [, hex] = (typeof digest === "string" && /^(?:sha256:)?([0-9a-f]{64})$/.exec(digest)) || [];
  if (hex === undefined || image.includes("@")) throw unusable(node, "digest", "a sha256, 64 hexadecimal digits, once");
  return `${image.replace(/:[^/:]*$/, "")}@sha256:${hex}`;
}

function variables(node: JobNode, env: unknown): Readonly<Record<string, string>> {
  if (!isObject(env)) throw unusable(node, "env", "an object of variables");
  return Object.fromEntries(
    Object.entries(env).map(([name, value]) => {
      if (!/^[A-Za-z_]\w*$/.test(name)) throw unusable(node, `env.${name}`, "the name of a variable");
      return [name, written(node, `env.${name}`, value)];
    }),
  );
}

function written(node: JobNode, param: string, value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) as string | undefined);
  if (text === undefined || text.includes("\0"))
    throw unusable(node, param, "a text without NUL, a number, boolean, list or object");
  return text;
}

function text(node: JobNode, name: string, given: unknown, what = "a path"): string | undefined {
  if (given === undefined || (typeof given === "string" && given !== "" && !given.includes("\0"))) return given;
  throw unusable(node, name, what);
}

function defined<T extends object>(fields: T): { readonly [K in keyof T]?: NonNullable<T[K]> } {
  // Safe: what is left has a value.
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    readonly [K in keyof T]?: NonNullable<T[K]>;
  };
}

function unusable({ id, run }: JobNode, param: string, what: string): MillraceError {
  return new MillraceError("invalid-parameters", `The parameter "${param}" of ${id} must be ${what}.`, {
    hint: `Commands take cwd, env, stdin, stdout, stderr and hints${"container" in run ? "; containers args, digest, name and host, too" : ""}.`,
    data: { node: id, param },
  });
}
