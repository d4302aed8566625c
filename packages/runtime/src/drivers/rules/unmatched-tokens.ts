/** The tokens of a run that no rule matches, under the policy `dead-letter`: kept for its result, and told while there are few. */
import type { RunToken, Token } from "@millrace/core";

/** So many are told one by one. */
const TOLD = 10;

/** Longest text of a token in a message. */
const TEXT_LIMIT = 120;

/** Those of one body. */
export class UnmatchedTokens {
  readonly #warn: (message: string) => void;
  readonly #all: { readonly id: string; readonly body: Token }[] = [];

  constructor(warn: (message: string) => void) {
    this.#warn = warn;
  }

  /** @param silently It has been told in an earlier life. */
  add({ id, body }: RunToken, silently: boolean): void {
    this.#all.push({ id, body });
    if (!silently && this.#all.length <= TOLD) this.#warn(`No rule matches token ${id}: ${textOf(body)}.`);
  }

  /** The run is over. */
  end(): readonly { readonly id: string; readonly body: Token }[] {
    const more = this.#all.length - TOLD;
    if (more > 0) this.#warn(`No rule matches ${more} more; they are in the result.`);
    return this.#all;
  }
}

function textOf(body: Token): string {
  const text = JSON.stringify(body) ?? "";
  return text.length > TEXT_LIMIT ? `${text.slice(0, TEXT_LIMIT)}…` : text;
}
