/** Ids of tokens: those that a firing gives are named after it, so that whoever goes on with the run names them likewise. */
import { hash } from "node:crypto";
import type { StepKey } from "../identity/brands.js";

/** Characters of an id: 60 bits. */
const LENGTH = 10;

/** The id of the nth token that a firing gives, from 0; of its error token without `n`. */
export function emittedId(firing: StepKey, n?: number): string {
  return hash("sha256", JSON.stringify([firing, n ?? "error"]), "base64url").slice(0, LENGTH);
}

/** The id of a token that came as the message with this id. */
export function sentId(message: string): string {
  return hash("sha256", message, "base64url").slice(0, LENGTH);
}
