/** Refs: the hash and the size of the stored bytes, never the bytes. Who decodes parameters puts the value in their place. */

import { Ref } from "../ref.js";
import { unreadable } from "../unreadable.js";
import { type Kind, kind } from "./kind.js";
import { expectParts, numberPart, textPart } from "./part.js";

/** Ref; recognised by its brand, as secrets are. */
export const refKind: Kind<Ref> = kind<Ref>({
  tag: 33,
  name: "Ref",
  typeText: "Ref",
  recognise: Ref.isRef,
  lower: ({ hash, size }) => [hash, size],
  raise: (parts) => {
    expectParts(parts, 2);
    const hash = textPart(parts, 0);
    if (!/^[0-9a-f]{64}$/.test(hash)) throw unreadable("a Ref in it has no hash");
    return Ref.named(hash, numberPart(parts, 1));
  },
});
