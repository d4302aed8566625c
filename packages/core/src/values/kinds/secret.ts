/** Secrets: their reference and nothing else, whatever was revealed. */
import { Secret } from "../../secrets/secret.js";
import { type Kind, kind } from "./kind.js";
import { expectBare } from "./own-properties.js";
import { expectParts, textPart } from "./part.js";

/** Secret; recognised by its brand, since an application's bundle may have a class of its own. */
export const secretKind: Kind<Secret> = kind<Secret>({
  tag: 32,
  name: "Secret",
  typeText: "Secret",
  recognise: Secret.isSecret,
  lower: (value) => {
    expectBare(value, "reference");
    // Parsed again: what is stored is a reference even if somebody has written into the field.
    return [Secret.parse(value.reference).reference];
  },
  raise: (parts) => {
    expectParts(parts, 1);
    return Secret.parse(textPart(parts, 0));
  },
});
