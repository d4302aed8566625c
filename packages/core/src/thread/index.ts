/**
 * The narrow door for what runs where tasks do: errors, values and secrets, without manifests, graphs and records. Each worker thread loads it
 * before its first word; the main door would take four times as long.
 */
export { bug, isMillraceError, MillraceError } from "../errors/millrace-error.js";
export { formatDuration, parseDuration } from "../options/duration.js";
export { systemClock } from "../ports/clock.js";
export { undeclaredEmission } from "../rules/undeclared-emission.js";
export { withoutRevealed } from "../secrets/revealed-text.js";
export { Secret } from "../secrets/secret.js";
export { decodeValue } from "../values/decode.js";
export { decodeError } from "../values/decode-error.js";
export { LARGE_BYTES } from "../values/encode.js";
export { encodeError } from "../values/encode-error.js";
export { encodeFor } from "../values/encode-for.js";
export { placeOfKey } from "../values/place-of-key.js";
export { hashOf, Ref } from "../values/ref.js";
export { renderValue } from "../values/render-value.js";
export { registerValueClass } from "../values/value-classes.js";
