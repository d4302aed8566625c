/** `Secret`: a value that is passed on, hashed and stored as the name of where it is kept, and read where a step needs it. */
import { inspect } from "node:util";
import { MillraceError } from "../errors/millrace-error.js";
import { readSecret } from "./read-secret.js";
import { rememberRevealed } from "./revealed-text.js";
import { type SecretProvider, secretHome } from "./secret-home.js";

const BRAND = Symbol.for("millrace.secret");

const ENV_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const PROVIDER_NAME = /^[A-Za-z][A-Za-z0-9_-]*$/;

/** A reference to a secret text: `env:WEATHER_KEY`, `file:/run/secrets/key`, `provider:vault:weather`. There is no form that holds the text itself. */
export class Secret<T extends string = string> {
  /** Where the text is kept. */
  readonly reference: string;

  private constructor(reference: string) {
    this.reference = reference;
  }

  /**
   * The text of an environment variable, as the thread that reveals it sees it.
   * @throws MillraceError `flow-misuse` for what is no name of a variable.
   */
  static env(name: string): Secret {
    return Secret.parse(`env:${name}`);
  }

  /**
   * The text of a UTF-8 file, at most 64 KiB, without the line break at its end. A relative path starts at the working
   * directory of the process that runs the step.
   * @throws MillraceError `flow-misuse` for an empty path.
   */
  static file(path: string): Secret {
    return Secret.parse(`file:${path}`);
  }

  /**
   * What a provider keeps under a key; the provider is looked for when the secret is revealed.
   * @throws MillraceError `flow-misuse` for what is no name, or an empty key.
   */
  static from(provider: string, key: string): Secret {
    return Secret.parse(`provider:${provider}:${key}`);
  }

  /**
   * Registers a provider in this thread, at the top level of a module which tasks that reveal its secrets import. A
   * provider of the same name is replaced. What `reveal` gives is not kept: it is asked at each `reveal()`.
   * @throws MillraceError `flow-misuse` for what is no name: letters, digits, `_` and `-`.
   */
  static provide(name: string, reveal: SecretProvider): void {
    if (!PROVIDER_NAME.test(name)) throw noReference(`Secret.provide takes a name`, PROVIDER_HINT);
    secretHome.providers.set(name, reveal);
  }

  /**
   * The secret of a reference in text form.
   * @throws MillraceError `flow-misuse` for text that is no reference; the message does not show it.
   */
  static parse(reference: string): Secret {
    const [, kind = "", rest = ""] = /^(env|file|provider):([\s\S]+)$/.exec(String(reference)) ?? [];
    const [, provider = "", key = ""] = /^([^:]*):([\s\S]+)$/.exec(rest) ?? [];
    if (kind === "") throw noReference("A secret is given as a reference", FORMS_HINT);
    if (kind === "env" && !ENV_NAME.test(rest)) throw noReference("Secret.env takes the name of a variable", ENV_HINT);
    if (kind === "provider" && (key === "" || !PROVIDER_NAME.test(provider)))
      throw noReference("Secret.from takes the name of a provider and a key", PROVIDER_HINT);
    return new Secret(reference);
  }

  /** True for secrets of any copy of this package. */
  static isSecret(value: unknown): value is Secret {
    return typeof value === "object" && value !== null && BRAND in value && Object.hasOwn(value, "reference");
  }

  /**
   * Reads the text, in the thread that asks. From then on it is replaced by `[secret <reference>]` in everything that
   * leaves the thread: results, errors, logs, progress, chunks.
   * @throws MillraceError `secret-unavailable`, naming the reference, if there is none, or one of less than 4 characters.
   */
  async reveal(): Promise<T> {
    const text = await readSecret(this.reference);
    rememberRevealed(text, this.toString());
    return text as T; // T is the author's word for what is kept there
  }

  /** `[secret env:WEATHER_KEY]`. */
  toString(): string {
    return `[secret ${this.reference}]`;
  }

  /** The reference. */
  toJSON(): string {
    return this.reference;
  }
}

Object.defineProperties(Secret.prototype, {
  [BRAND]: { value: true },
  [inspect.custom]: {
    value(this: Secret): string {
      return this.toString();
    },
  },
});

const FORMS_HINT = 'Write Secret.env("NAME") or Secret.file("path"); on the command line env:NAME or file:path.';
const ENV_HINT =
  "A name has letters, digits and underscores and does not begin with a digit; it is not the secret itself.";
const PROVIDER_HINT = "A name begins with a letter and has letters, digits, _ and -; a key is not empty.";

/** What was given is not shown: it may be the secret. */
function noReference(what: string, hint: string): MillraceError {
  return new MillraceError("flow-misuse", `${what}, and what was given is none.`, { hint });
}
