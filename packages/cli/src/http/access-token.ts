/** The token that whoever speaks to the server has to show. */
import { randomBytes, timingSafeEqual } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { MillraceError, STATE_PATHS } from "@millrace/core";

/** Variable of the environment that gives it. */
export const TOKEN_VARIABLE = "MILLRACE_HTTP_TOKEN";

const LEAST_LENGTH = 20;

/** A token, and where people find it. */
export interface AccessToken {
  readonly token: string;
  readonly where: string;
}

/**
 * That of the environment, else the one in the output folder, which is made with the first call and which only its owner can read.
 * @throws MillraceError `usage` for one that can be guessed, `state-dir-unusable`.
 */
export function accessToken(stateDir: string, given: string | undefined = process.env[TOKEN_VARIABLE]): AccessToken {
  if (given !== undefined) return { token: checked(given, TOKEN_VARIABLE), where: TOKEN_VARIABLE };
  const file = join(stateDir, STATE_PATHS.httpToken);
  try {
    mkdirSync(stateDir, { recursive: true });
    // Fails where there is one: two that begin at once have the same.
    writeFileSync(file, `${randomBytes(32).toString("base64url")}\n`, { flag: "wx", mode: 0o600 });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EEXIST") throw unusable(file, cause);
  }
  return { token: checked(readFileSync(file, "utf8").trim(), file), where: file };
}

/** True for the token itself, in a time that does not depend on where another one differs. */
export function isToken(given: string, token: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function checked(token: string, where: string): string {
  if (token.length >= LEAST_LENGTH && /^[\w.~+/=-]+$/.test(token)) return token;
  throw new MillraceError("usage", `The token in ${where} is too short, or has characters that no header takes.`, {
    hint: `Give at least ${LEAST_LENGTH} letters and digits by chance: openssl rand -hex 32.`,
    data: { where },
  });
}

function unusable(file: string, cause: unknown): MillraceError {
  return new MillraceError("state-dir-unusable", `${file} cannot be written.`, {
    hint: `Give a token by ${TOKEN_VARIABLE}.`,
    data: { file },
    cause,
  });
}
