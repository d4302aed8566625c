/** Reads the text behind a reference. Errors name the reference and never show what was read. */
import { readFile } from "node:fs/promises";
import { MillraceError } from "../errors/millrace-error.js";
import { secretHome } from "./secret-home.js";

/** Longest text of a secret, UTF-16 units; a file may have as many bytes. */
const MAX_LENGTH = 64 * 1024;

/** Shortest: what is shorter stands in too many other texts to be kept out of them. */
const MIN_LENGTH = 4;

/** How each kind of reference is read. */
const READERS: Readonly<Record<string, (rest: string, reference: string) => string | Promise<string>>> = {
  env(name, reference) {
    const text = process.env[name];
    if (text !== undefined) return text;
    throw unavailable(reference, `the environment variable ${name} is not set`, {
      hint: `Set ${name} for the process that runs the engine. Threads see the environment of the moment in which they are started.`,
    });
  },
  async file(path, reference) {
    try {
      const bytes = await readFile(path);
      if (bytes.length <= MAX_LENGTH) return bytes.toString().replace(/\r?\n$/, "");
    } catch (cause) {
      throw unavailable(reference, `the file ${path} cannot be read`, {
        hint: `See the cause. A relative path starts at ${process.cwd()}.`,
        cause,
      });
    }
    throw unavailable(reference, `the file ${path} has over ${MAX_LENGTH} bytes`, {
      hint: "Keep the key alone in a file.",
    });
  },
  async provider(rest, reference) {
    const end = rest.indexOf(":");
    const name = rest.slice(0, end);
    const provide = secretHome.providers.get(name);
    if (!provide) {
      throw unavailable(reference, `no provider "${name}" is registered in this thread`, {
        hint: `Import the module that calls Secret.provide("${name}", …) from the module of the task: import "./${name}.js".`,
      });
    }
    try {
      return await provide(rest.slice(end + 1));
    } catch (cause) {
      throw unavailable(reference, `its provider "${name}" failed`, { hint: "See the cause.", cause });
    }
  },
};

/** @throws MillraceError `secret-unavailable`. */
export async function readSecret(reference: string): Promise<string> {
  const end = reference.indexOf(":");
  const kind = reference.slice(0, end);
  const read = Object.hasOwn(READERS, kind) ? READERS[kind] : undefined;
  if (!read)
    throw unavailable(reference, `"${kind}" is no place for secrets`, { hint: "Use Secret.env or Secret.file." });
  const text = await read(reference.slice(end + 1), reference);
  if (typeof text !== "string") {
    throw unavailable(reference, "its provider gave no text", { hint: "Let the provider give a string." });
  }
  if (text.length < MIN_LENGTH || text.length > MAX_LENGTH) {
    const size = text.length < MIN_LENGTH ? `less than ${MIN_LENGTH}` : `over ${MAX_LENGTH}`;
    throw unavailable(reference, text === "" ? "it is empty" : `it has ${size} characters`, {
      hint: "Secrets have 4 to 65,536 characters: shorter ones stand in too many other texts to be kept out of them.",
    });
  }
  return text;
}

function unavailable(
  reference: string,
  why: string,
  rest: { readonly hint: string; readonly cause?: unknown },
): MillraceError {
  return new MillraceError("secret-unavailable", `The secret ${reference} cannot be revealed: ${why}.`, {
    ...rest,
    data: { reference },
  });
}
