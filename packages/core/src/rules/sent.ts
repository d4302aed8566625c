/** What is sent to a run of rules: tokens, and changes. Read by whoever runs the rules and by whoever tells afterwards what became of them. */
import type { MessageReceived } from "../run/facts.js";
import { decodeValue } from "../values/decode.js";
import { isObject } from "../values/is-object.js";
import type { RuleChange, RuleSpec, Token } from "./rule-set.js";
import { sentId } from "./token-id.js";

/** Name of the message that brings a token: its data is the body. */
export const TOKEN_MESSAGE = "token";
/** Name of the message with a `RuleChange`. */
export const RULES_MESSAGE = "rules";

/** Reads a rule that is added. What it throws is what is wrong with the message. */
export type ReadsRule = (given: unknown) => RuleSpec;

/** A change whose form has been read. */
export type Sent =
  | { readonly token: { readonly id: string; readonly body: Token } }
  | Exclude<RuleChange, { readonly token: unknown }>;

/** Reads a message, or says what is wrong with it, for people. */
export function readSent(message: MessageReceived, readRule: ReadsRule): Sent | { readonly wrong: string } {
  const data = decodeValue(message.value.read());
  if (message.name === TOKEN_MESSAGE) return readToken({ body: data }, message.id);
  if (!isObject(data)) return wrong("is no object");
  const kinds = ["token", "add", "remove", "drop", "edit", "close"].filter((kind) => Object.hasOwn(data, kind));
  if (kinds.length !== 1) return wrong("has to have one of token, add, remove, drop, edit, close");
  const { token, add, remove, drop, edit, body, close } = data;
  if (token !== undefined) return readToken(token, message.id);
  if (typeof remove === "string") return { remove };
  if (typeof drop === "string") return { drop };
  if (typeof edit === "string")
    return isObject(body) ? { edit, body } : wrong('has to have a "body", which is an object');
  if (close === true) return { close };
  if (add === undefined) return wrong(`has a "${kinds[0]}" of another kind than it takes`);
  try {
    return { add: readRule(add) };
  } catch (error) {
    return { wrong: (error as Error).message };
  }
}

function readToken(given: unknown, message: string): Sent | { readonly wrong: string } {
  if (!isObject(given) || !isObject(given.body)) return wrong("brings no token: a token is an object");
  const { id = sentId(message), body } = given;
  return typeof id === "string" ? { token: { id, body } } : wrong("brings a token whose id is no text");
}

function wrong(what: string): { readonly wrong: string } {
  return { wrong: `A message that was sent ${what}.` };
}
